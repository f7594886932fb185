"""What a fitted network says of a sequence: from each bin, the probabilities of the next ones."""

import numpy as np
import torch
from numpy.typing import NDArray

from training.mood_sequence.network import LEAST_PROB, MoodGru
from training.mood_sequence.series import MoodSeries


def forecast(network: MoodGru, series: MoodSeries) -> NDArray[np.float64]:
    """Foretell from each of T bins the next ones from what was seen up to it, (T, HORIZON, 7)."""
    with torch.inference_mode():
        log_probs = network(torch.from_numpy(series.probs)[None], torch.from_numpy(series.is_seen)[None])[0]
    probs = np.maximum(np.exp(log_probs.double().numpy()), LEAST_PROB)
    return np.asarray(probs / probs.sum(axis=-1, keepdims=True))


def smoothed(forecasts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what was foretold of each bin from those before it, (T, 7); the first is NaN, for nothing came before."""
    found = np.full((len(forecasts), forecasts.shape[-1]), np.nan)
    found[1:] = forecasts[:-1, 0]
    return found
