"""Smoothing a face's readings over time, on request and always marked: raw readings stay what is stored.

First a time-based moving average of log-probabilities, then a sticky filter that decides the label. Both look back
only, know seconds and not frames, and start anew after a gap. Numbers only, no torch.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: A probability of nought has no logarithm; below this it is taken as this.
_LEAST_PROB = 1e-6


@dataclass(frozen=True, kw_only=True)
class Smoothing:
    """How much of the past counts."""

    half_life_seconds: float = 0.4  # after this long a reading's weight in the average has halved
    stay_seconds: float = 1.5  # how long an expression lasts on average, to the sticky filter
    max_gap_seconds: float = 1.0  # a longer silence forgets the past: nothing is carried across

    def __post_init__(self) -> None:
        if min(self.half_life_seconds, self.stay_seconds, self.max_gap_seconds) <= 0:
            raise ValueError(f"smoothing times must be above 0 seconds, got {self}")


@dataclass(frozen=True, kw_only=True)
class SmoothedReadings:
    """N readings of one face, smoothed."""

    probs: NDArray[np.float64]  # (N, 7) rows sum to 1
    label_index: NDArray[np.int64]  # (N,) position in core.emotions.EMOTIONS, by the sticky filter


def smooth(times_seconds: NDArray[np.float64], probs: NDArray[np.float64], how: Smoothing) -> SmoothedReadings:
    """Smooth (N, 7) probabilities of one face at N rising times."""
    smoothed, labels = np.empty_like(probs), np.empty(len(probs), np.int64)
    average = belief = np.empty(0)
    for i in range(len(probs)):
        log_probs = np.log(np.maximum(probs[i], _LEAST_PROB))
        elapsed = times_seconds[i] - times_seconds[i - 1] if i else np.inf
        if elapsed > how.max_gap_seconds:
            average, belief = log_probs, _normalised(np.exp(log_probs))
        else:
            keep = 0.5 ** (elapsed / how.half_life_seconds)
            average = keep * average + (1 - keep) * log_probs
            evidence = np.exp(average * (elapsed / how.half_life_seconds))  # per second, not per frame
            belief = _step(belief, evidence, np.exp(-elapsed / how.stay_seconds))
        smoothed[i] = _normalised(np.exp(average))
        labels[i] = belief.argmax()
    return SmoothedReadings(probs=smoothed, label_index=labels)


def _step(belief: NDArray[np.float64], likelihood: NDArray[np.float64], stay: float) -> NDArray[np.float64]:
    """One forward step of a hidden Markov chain that stays with probability `stay` and else jumps anywhere."""
    predicted = stay * belief + (1 - stay) / len(belief)
    return _normalised(predicted * likelihood)


def _normalised(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return weights / weights.sum()
