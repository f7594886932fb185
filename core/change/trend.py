"""A trend of session values: Theil and Sen's slope, which a few odd sessions do not move.

Slope: the median over all pairs of sessions of their difference by time (Theil 1950); interval: Sen (1968), "Estimates
of the regression coefficient based on Kendall's tau". Whether there is one at all is asked of the ranks, by shuffling.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.people.longitudinal import CONFIDENCE

_US_PER_30_DAYS: Final = 30 * 86_400 * 1e6


@dataclass(frozen=True, kw_only=True)
class Trend:
    """How a measure rose or fell, in its own unit per 30 days."""

    slope: float
    low: float  # of the 95 % interval
    high: float
    first_value: float  # of the line, at the first session
    last_value: float  # and at the last


def trend_of(times_us: NDArray[np.int64], values: NDArray[np.float64]) -> Trend:
    """Fit N >= 2 session values (N,) at rising times (N,)."""
    from scipy.stats import theilslopes  # most of a second that other commands need not spend

    periods = (times_us - times_us[0]) / _US_PER_30_DAYS
    if periods[-1] == 0:
        middle = float(np.median(values))
        return Trend(slope=0.0, low=0.0, high=0.0, first_value=middle, last_value=middle)
    found = theilslopes(values, periods, CONFIDENCE)
    return Trend(
        slope=float(found.slope),
        low=float(found.low_slope),
        high=float(found.high_slope),
        first_value=float(found.intercept),
        last_value=float(found.intercept + found.slope * periods[-1]),
    )


def trend_statistics(values: NDArray[np.float64], orders: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return of each of B orders of the sessions (B, N) the size of Spearman's correlation with time, (B,) 0..1."""
    from scipy.stats import rankdata

    ranks = rankdata(values) - (len(values) + 1) / 2
    places = np.arange(len(values)) - (len(values) - 1) / 2
    scale = np.sqrt((ranks @ ranks) * (places @ places))
    return np.abs(ranks[orders] @ places) / scale if scale > 0 else np.zeros(len(orders))
