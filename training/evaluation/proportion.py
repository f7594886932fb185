"""A share of a counted number of rows, and how sure one may be of it. Knows numbers only."""

import math
from dataclasses import dataclass
from typing import Final

#: Standard normal quantile of a 95 % interval.
_Z: Final = 1.96


@dataclass(frozen=True, kw_only=True)
class Proportion:
    """A share with the number of rows that it rests on."""

    value: float  # 0..1; not a number where n is 0
    n: int

    @classmethod
    def of(cls, num_hits: int, n: int) -> "Proportion":
        """Return `num_hits` of `n`."""
        return cls(value=num_hits / n if n else math.nan, n=n)

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval (1927), which holds for few rows and for shares near 0 and 1; 0..1 for no rows."""
        if not self.n:
            return 0.0, 1.0
        shrink = 1 + _Z**2 / self.n
        middle = (self.value + _Z**2 / (2 * self.n)) / shrink
        reach = _Z * math.sqrt(self.value * (1 - self.value) / self.n + _Z**2 / (4 * self.n**2)) / shrink
        return max(0.0, middle - reach), min(1.0, middle + reach)

    @property
    def half_width(self) -> float:
        """Half of the interval's width."""
        low, high = self.interval
        return (high - low) / 2
