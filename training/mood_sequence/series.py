"""Binned readings as sequences with gaps, and which sessions are learned from. Whole sessions are held out.

Knows timelines, no SQL. A bin in which no reading counted is a gap: it has no value, and is never filled.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.emotions import EMOTIONS
from core.errors import InputError
from core.timeline import TimelinePoint

#: Sequences are cut where nothing counted for so many bins, and after so many in any case.
MAX_GAP_BINS: Final = 60
MAX_BINS: Final = 600

#: Seen bins without which a piece teaches nothing.
LEAST_SEEN_BINS: Final = 12

#: Sessions without which there is nothing to learn from and to hold out.
LEAST_SESSIONS: Final = 10

_HELD_OUT: Final = 0.25


@dataclass(frozen=True, kw_only=True)
class MoodSeries:
    """T consecutive bins of one media."""

    session: str  # digest of the sitting that it is of
    probs: NDArray[np.float32]  # (T, 7); anything where nothing was seen
    is_seen: NDArray[np.bool_]  # (T,) whether a reading counted

    def __post_init__(self) -> None:
        if self.probs.shape != (len(self.is_seen), len(EMOTIONS)):
            raise ValueError(f"expected ({len(self.is_seen)}, {len(EMOTIONS)}) probabilities, got {self.probs.shape}")


@dataclass(frozen=True, kw_only=True)
class Split:
    """Whole sessions, each on one side only."""

    learned: tuple[MoodSeries, ...]  # what weights are fitted to
    watched: tuple[MoodSeries, ...]  # what decides when to stop
    held_out: tuple[MoodSeries, ...]  # what is reported


def series_of(points: Sequence[TimelinePoint], *, session: str) -> MoodSeries:
    """Turn a timeline's points, which follow each other without a hole, into one sequence."""
    nothing = (1 / len(EMOTIONS),) * len(EMOTIONS)
    return MoodSeries(
        session=session,
        probs=np.array([point.probs or nothing for point in points], np.float32).reshape(-1, len(EMOTIONS)),
        is_seen=np.array([point.probs is not None for point in points], dtype=bool),
    )


def pieces_of(series: MoodSeries) -> list[MoodSeries]:
    """Cut a sequence at long gaps and after MAX_BINS; leave out what holds too little."""
    seen = np.flatnonzero(series.is_seen)
    if not len(seen):
        return []
    groups = np.split(seen, np.flatnonzero(np.diff(seen) > MAX_GAP_BINS) + 1)
    spans = [
        (begin, min(begin + MAX_BINS, int(group[-1]) + 1))
        for group in groups
        for begin in range(int(group[0]), int(group[-1]) + 1, MAX_BINS)
    ]
    found = [
        MoodSeries(session=series.session, probs=series.probs[begin:end], is_seen=series.is_seen[begin:end])
        for begin, end in spans
    ]
    return [piece for piece in found if piece.is_seen.sum() >= LEAST_SEEN_BINS]


def split_sessions(series: Iterable[MoodSeries], *, seed: int) -> Split:
    """Hold a quarter of the sessions out, and watch a fifth of the others. Raises InputError where they are too few."""
    found = list(series)
    sessions = sorted({each.session for each in found})
    if len(sessions) < LEAST_SESSIONS:
        raise InputError(
            f"a forecast needs {LEAST_SESSIONS} sessions with {LEAST_SEEN_BINS} bins in which a reading counted, "
            f"and there are {len(sessions)}: analyse more, or choose a narrower --bin"
        )
    order = np.random.default_rng(seed).permutation(sessions).tolist()
    num_held_out = max(2, round(_HELD_OUT * len(order)))
    num_watched = max(1, (len(order) - num_held_out) // 5)
    held_out, watched = set(order[:num_held_out]), set(order[num_held_out : num_held_out + num_watched])
    return Split(
        learned=tuple(each for each in found if each.session not in held_out | watched),
        watched=tuple(each for each in found if each.session in watched),
        held_out=tuple(each for each in found if each.session in held_out),
    )
