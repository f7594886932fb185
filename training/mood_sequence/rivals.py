"""What a forecast must beat: all stays as it was last seen; all stays near its moving average; all is as always."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.emotions import EMOTIONS
from training.mood_sequence.divergence import mean_divergence
from training.mood_sequence.network import HORIZON, LEAST_PROB
from training.mood_sequence.series import MoodSeries

PERSISTENCE: Final = "persistence"
MOVING_AVERAGE: Final = "moving average"
USUAL: Final = "usual"
RIVALS: Final = (PERSISTENCE, MOVING_AVERAGE, USUAL)

_HALF_LIVES_BINS: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 256.0)


def persistence(series: MoodSeries) -> NDArray[np.float64]:
    """Foretell from each bin what was last seen, (T, HORIZON, 7)."""
    return moving_average(series, half_life_bins=0.0)


def moving_average(series: MoodSeries, *, half_life_bins: float) -> NDArray[np.float64]:
    """Foretell from each bin the exponentially weighted mean of what was seen, (T, HORIZON, 7).

    Weights add up to one from the first bin on, so that a long half-life is the mean of all so far. Gaps age nothing.
    """
    keep = 0.5 ** (1 / half_life_bins) if half_life_bins else 0.0
    total, weight = np.zeros(len(EMOTIONS)), 0.0
    levels = np.full(series.probs.shape, 1 / len(EMOTIONS), dtype=float)
    for index, (probs, is_seen) in enumerate(zip(series.probs, series.is_seen, strict=True)):
        if is_seen:
            total, weight = keep * total + probs, keep * weight + 1
        if weight:
            levels[index] = total / weight
    return _ahead(levels)


def usual(series: MoodSeries, mean_probs: Sequence[float]) -> NDArray[np.float64]:
    """Foretell the mean of all that was learned from, (T, HORIZON, 7)."""
    return _ahead(np.tile(np.asarray(mean_probs), (len(series.probs), 1)))


def best_half_life(series: Sequence[MoodSeries]) -> float:
    """Return the half-life in bins with which the moving average foretells these best: it learns as well."""

    def cost(half_life_bins: float) -> float:
        return float(
            np.mean([mean_divergence(each, moving_average(each, half_life_bins=half_life_bins)) for each in series])
        )

    return min(_HALF_LIVES_BINS, key=cost)


def mean_probs_of(series: Sequence[MoodSeries]) -> tuple[float, ...]:
    """Return the mean (7,) of all seen bins."""
    seen = np.concatenate([each.probs[each.is_seen] for each in series])
    return tuple(seen.mean(axis=0, dtype=np.float64).tolist())


def _ahead(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    floored = np.maximum(levels, LEAST_PROB)
    floored /= floored.sum(axis=1, keepdims=True)
    return np.repeat(floored[:, None, :], HORIZON, axis=1)
