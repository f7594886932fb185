"""What a told change leaves unexplained: do neighbouring sessions still hang together; is it a line or a step?

A step looks like a trend to whoever looks for a trend, and a trend like a stair to whoever looks for steps.
"""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.change.level_shifts import LevelShift
from core.change.trend import Trend


class Shape(StrEnum):
    """What tells a measure's course in fewer words."""

    LINE = "line"
    STEPS = "steps"


def after_line(times_us: NDArray[np.int64], values: NDArray[np.float64], trend: Trend) -> NDArray[np.float64]:
    """Return the values (N,) less the trend's line."""
    shares = (times_us - times_us[0]) / max(1, int(times_us[-1] - times_us[0]))
    return values - (trend.first_value + shares * (trend.last_value - trend.first_value))


def after_steps(
    times_us: NDArray[np.int64], values: NDArray[np.float64], shifts: Sequence[LevelShift]
) -> NDArray[np.float64]:
    """Return the values (N,) less the mean of the level that each is on."""
    level_of = np.searchsorted(np.array([shift.at_us for shift in shifts], dtype=np.int64), times_us)
    means = np.array([values[level_of == level].mean() for level in range(len(shifts) + 1)])
    return values - means[level_of]


def shape_of(line: NDArray[np.float64], steps: NDArray[np.float64], *, num_shifts: int) -> Shape:
    """Return which of the two remainders is the better bargain, by Schwarz's criterion (1978)."""
    cost_of_line = _cost(line, num_parameters=2)
    return Shape.STEPS if _cost(steps, num_parameters=1 + 2 * num_shifts) < cost_of_line else Shape.LINE


def autocorrelation(remainder: NDArray[np.float64]) -> float:
    """Return the correlation of neighbouring sessions, -1..1; 0 where nothing remains."""
    centred = remainder - remainder.mean()
    total = float(centred @ centred)
    return float(centred[1:] @ centred[:-1]) / total if total > 0 else 0.0


def _cost(remainder: NDArray[np.float64], *, num_parameters: int) -> float:
    num = len(remainder)
    squares = max(float(remainder @ remainder), 1e-12)
    return num * float(np.log(squares / num)) + num_parameters * float(np.log(num))
