"""Chooses frames by time: which frames show what was on screen at each tick of a clock. Pure: knows no file.

The choice depends on the media's start and on two neighbouring times alone, so it is the same wherever a media is cut.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from video.times import MICROSECONDS_PER_SECOND


@dataclass(frozen=True, kw_only=True)
class TickClock:
    """Ticks at start_us + k / rate_hz, k = 0, 1, 2, ...: each tick samples the first frame at or after it."""

    start_us: int  # presentation time of the media's first frame
    rate_hz: float | None  # ticks a second; None: every frame is sampled

    def __post_init__(self) -> None:
        if self.rate_hz is not None and not self.rate_hz > 0:
            raise ValueError(f"rate_hz must be above 0, got {self.rate_hz}")

    @cached_property
    def _ticks_per_us(self) -> Fraction:
        # The decimal that the user wrote, not the nearest binary: at 0.3 Hz the fourth tick is at 10 s exactly.
        return Fraction(repr(float(self.rate_hz or 0))) / MICROSECONDS_PER_SECOND

    def samples(self, pts_us: int, *, previous_pts_us: int | None) -> bool:
        """Say whether a tick t satisfies previous < t <= pts. The first frame of a media (no previous) always is."""
        if self.rate_hz is None or previous_pts_us is None:
            return True
        return self._num_ticks_until(pts_us) > self._num_ticks_until(previous_pts_us)

    def _num_ticks_until(self, pts_us: int) -> int:
        ticks_per_us = self._ticks_per_us
        elapsed_us = pts_us - self.start_us
        return max(0, elapsed_us * ticks_per_us.numerator // ticks_per_us.denominator + 1)
