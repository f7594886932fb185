"""Joins the tracks of a media's chunks to person tracks: one face from chunk to chunk, by place, size and time alone.

Works on rows that are stored, so it says the same whoever ran the chunks. Where either of two could be the other, none
is joined; what was broken within a chunk stays broken. A cut at the border of two chunks is not seen: whoever sits in
the same place at the same size after it is joined, so a person looks before assigning (`moodline tracks sheet`).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Final

import numpy as np

from core.tracks.nearness import box_distances

#: Faces that were seen last longer than this before a border, or first longer than this after it, are not joined.
MAX_UNSEEN_US: Final = 1_000_000

#: How far a face may be from where it was (nearness.py): the unsteadiness of boxes, and what heads move in a second.
#: Less than between the frames of a chunk: here a cut may lie between.
MAX_JITTER: Final = 0.15
MAX_SPEED: Final = 1.5
MAX_DISTANCE: Final = 0.5

#: By how much any other pair must be further apart, or none is joined.
MIN_LEAD: Final = 0.3


@dataclass(frozen=True, kw_only=True)
class TrackSpan:
    """Where and when a track of a chunk begins and ends."""

    track: int  # core.observations.track_number of its first face
    chunk_index: int
    first_us: int  # presentation time of its first face
    last_us: int  # and of its last
    first_box: tuple[float, float, float, float]  # x1, y1, x2, y2 px
    last_box: tuple[float, float, float, float]


def stitched(spans: Iterable[TrackSpan], *, chunks_apart: Collection[int] = ()) -> list[tuple[TrackSpan, ...]]:
    """Join spans to person tracks: each in order of time, and they in the order in which they begin.

    To and from the chunks that are apart none is joined.
    """
    ordered = sorted(spans, key=attrgetter("chunk_index", "track"))
    chunks = [list(group) for _, group in groupby(ordered, key=attrgetter("chunk_index"))]
    next_of: dict[int, TrackSpan] = {}  # by the track before
    for before, after in pairwise(chunks):
        indexes = {before[0].chunk_index, after[0].chunk_index}
        if after[0].chunk_index == before[0].chunk_index + 1 and indexes.isdisjoint(chunks_apart):
            next_of |= _joined(before, after)
    continued = {span.track for span in next_of.values()}
    found = []
    for span in sorted(ordered, key=attrgetter("first_us", "track")):
        if span.track in continued:
            continue
        person = [span]
        while person[-1].track in next_of:
            person.append(next_of[person[-1].track])
        found.append(tuple(person))
    return found


def _joined(before: Sequence[TrackSpan], after: Sequence[TrackSpan]) -> dict[int, TrackSpan]:
    """Pair the last tracks of a chunk with the first of the next one: the later span by the earlier track."""
    border_us = min(span.first_us for span in after)
    ending = [span for span in before if border_us - span.last_us <= MAX_UNSEEN_US]
    beginning = [span for span in after if span.first_us - border_us <= MAX_UNSEEN_US]
    if not ending:
        return {}
    distance = box_distances(  # (E, B)
        np.array([span.last_box for span in ending], np.float64),
        np.array([span.first_box for span in beginning], np.float64),
    )
    pairs = {}
    for row, earlier in enumerate(ending):
        column = int(distance[row].argmin())
        later, apart = beginning[column], distance[row, column]
        others = [*np.delete(distance[row], column), *np.delete(distance[:, column], row)]
        unseen_us = later.first_us - earlier.last_us
        may_move = min(MAX_JITTER + MAX_SPEED * unseen_us / 1e6, MAX_DISTANCE)
        if unseen_us <= MAX_UNSEEN_US and apart <= may_move and all(other >= apart + MIN_LEAD for other in others):
            pairs[earlier.track] = later
    return pairs
