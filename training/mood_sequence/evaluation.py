"""The network beside its rivals on sessions that it never saw. A session is one value; sessions are resampled.

It wins at a horizon where, against every rival, the 95 % interval of what it is better by lies above zero.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.mood_sequence.divergence import divergences
from training.mood_sequence.forecast import forecast
from training.mood_sequence.network import MoodGru
from training.mood_sequence.rivals import MOVING_AVERAGE, PERSISTENCE, RIVALS, USUAL, moving_average, persistence, usual
from training.mood_sequence.series import MoodSeries

#: Bins ahead that are reported.
REPORTED: Final = (1, 5, 10)

#: Nats; less is the rounding of a network that says nothing of its own.
LEAST_ADVANTAGE: Final = 1e-4

_NUM_RESAMPLED: Final = 4_000


@dataclass(frozen=True, kw_only=True)
class Rivals:
    """What the rivals learned from the sessions that the network learned from."""

    half_life_bins: float  # of the moving average
    mean_probs: tuple[float, ...]  # (7,)


@dataclass(frozen=True, kw_only=True)
class Advantage:
    """How much less the network diverges than a rival, nats; above zero it is better."""

    mean: float
    low: float  # of the 95 % interval over sessions
    high: float


@dataclass(frozen=True, kw_only=True)
class HorizonResult:
    """How far ahead, and how well."""

    num_bins_ahead: int
    divergence: float  # of the network, nats, mean over sessions
    rival_divergences: dict[str, float]  # by RIVALS
    advantages: dict[str, Advantage]  # by RIVALS
    num_sessions: int

    @property
    def wins(self) -> bool:
        """Whether it is better than every rival, beyond chance."""
        return all(each.low > LEAST_ADVANTAGE for each in self.advantages.values())


def evaluate(
    network: MoodGru, held_out: Sequence[MoodSeries], rivals: Rivals, *, seed: int
) -> tuple[HorizonResult, ...]:
    """Hold the network against its rivals, at each of REPORTED."""
    by_session: dict[str, list[dict[str, NDArray[np.float64]]]] = defaultdict(list)
    for each in held_out:
        told = {
            "network": forecast(network, each),
            PERSISTENCE: persistence(each),
            MOVING_AVERAGE: moving_average(each, half_life_bins=rivals.half_life_bins),
            USUAL: usual(each, rivals.mean_probs),
        }
        by_session[each.session].append({name: divergences(each, of) for name, of in told.items()})
    names = ("network", *RIVALS)
    values = {
        name: np.array([_mean_by_horizon([piece[name] for piece in of]) for _, of in sorted(by_session.items())])
        for name in names
    }  # (sessions, HORIZON) each
    draw = np.random.default_rng(seed)
    return tuple(_result(ahead, values, draw) for ahead in REPORTED)


def _mean_by_horizon(pieces: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    together = np.concatenate(pieces)
    counts = (~np.isnan(together)).sum(axis=0)
    return np.where(counts, np.nansum(together, axis=0) / np.maximum(counts, 1), np.nan)


def _result(ahead: int, values: dict[str, NDArray[np.float64]], draw: np.random.Generator) -> HorizonResult:
    columns = {name: of[:, ahead - 1] for name, of in values.items()}
    reached = ~np.isnan(columns["network"])  # sessions that are long enough
    columns = {name: of[reached] for name, of in columns.items()}
    own = columns.pop("network")
    resampled = draw.integers(len(own), size=(_NUM_RESAMPLED, len(own)))
    return HorizonResult(
        num_bins_ahead=ahead,
        divergence=float(own.mean()),
        rival_divergences={name: float(of.mean()) for name, of in columns.items()},
        advantages={name: _advantage(of - own, resampled) for name, of in columns.items()},
        num_sessions=len(own),
    )


def _advantage(differences: NDArray[np.float64], resampled: NDArray[np.int64]) -> Advantage:
    low, high = np.percentile(differences[resampled].mean(axis=1), [2.5, 97.5])
    return Advantage(mean=float(differences.mean()), low=float(low), high=float(high))
