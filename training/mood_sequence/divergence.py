"""How far a forecast is from what came: Kullback-Leibler divergence of the seven probabilities, in nats; 0 is exact."""

import numpy as np
from numpy.typing import NDArray

from training.mood_sequence.network import HORIZON
from training.mood_sequence.series import MoodSeries


def divergences(series: MoodSeries, forecast: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return for a forecast (T, HORIZON, 7) made in each bin its divergence from each bin ahead, (T, HORIZON).

    NaN where nothing was seen there, or nothing yet when it was made.
    """
    num_bins = len(series.probs)
    has_begun = np.maximum.accumulate(series.is_seen)
    found = np.full((num_bins, HORIZON), np.nan)
    for ahead in range(1, min(HORIZON, num_bins - 1) + 1):
        came = np.clip(series.probs[ahead:].astype(float), 1e-12, 1.0)  # (T - ahead, 7)
        told = forecast[:-ahead, ahead - 1]
        each = (came * (np.log(came) - np.log(told))).sum(axis=1)
        is_counted = series.is_seen[ahead:] & has_begun[:-ahead]
        found[:-ahead, ahead - 1] = np.where(is_counted, each, np.nan)
    return found


def mean_divergence(series: MoodSeries, forecast: NDArray[np.float64]) -> float:
    """Return the mean over all bins and horizons."""
    return float(np.nanmean(divergences(series, forecast)))
