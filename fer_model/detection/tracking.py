"""Gives each face of a chunk's frames the number of its track: one face followed through time, by place and size alone.

Who somebody is, it cannot tell. So where two faces come so near each other that either could be the other, or where a
face jumps further than heads move, tracks end and new ones begin: a break is honest, a swap is not. A cut ends every
track.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.frames import Face
from core.observations import MICROSECONDS_PER_SECOND, track_number
from core.tracks.nearness import box_distances
from fer_model.detection.association import MAX_DISTANCE, pairs_of
from fer_model.detection.detector import SearchedFrame

#: A face not seen for longer than this begins a new track when it comes back.
MAX_UNSEEN_US: Final = 1_000_000

#: How far a face may move from one sighting to the next, in the measure of MAX_DISTANCE: the unsteadiness of boxes,
#: and two box sides a second, which is a head that is thrown about.
MAX_JITTER: Final = 0.35
MAX_SPEED: Final = 2.0

#: By how much any other pairing must be worse, or the two could as well be each other: more where frames lie further
#: apart in time, since more may have happened between them.
MIN_LEAD: Final = 0.3
MIN_LEAD_GROWTH: Final = 1.0  # per second between frames

#: A face that was lost is found again only where no other that is lost, or new, is so near: it could be that one.
LOST_DISTANCE: Final = 2.5

#: A face that is not seen may be anywhere on its way, as its last two sightings tell it: these shares of it are tried.
WAY_SHARES: Final = (0.0, 0.5, 1.0, 1.5)


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """Where a track was last."""

    number: int
    box: NDArray[np.float64]  # (4,)
    pts_us: int
    velocity: NDArray[np.float64]  # (4,) px a microsecond, of the centre: the same for both corners
    has_ended: bool = False  # somebody is hidden here who may be another by now: blocks, is not continued

    def moved(self, pts_us: int, share: float) -> NDArray[np.float64]:
        """Return the box (4,) after a share of the way that it would go if it moved on as before."""
        return self.box + self.velocity * (share * (pts_us - self.pts_us))


class Tracks:
    """Follows the faces of one chunk, frame by frame."""

    def __init__(self) -> None:
        self._alive: list[_Seen] = []
        self._last_us = 0  # time of the frame before

    def numbers(self, searched: SearchedFrame, faces: Sequence[Face]) -> tuple[int, ...]:
        """Return the track of each of a frame's faces, which may be some of those found, in their order."""
        pts_us = searched.frame.pts_us
        if searched.begins_shot:
            self._alive = []
        before = [seen for seen in self._alive if pts_us - seen.pts_us <= MAX_UNSEEN_US]
        boxes = np.array([face.box for face in faces], np.float64).reshape(-1, 4)
        pairs, doubtful, ended = _pair(before, boxes, pts_us, self._last_us)
        now = []
        for j, box in enumerate(boxes):
            seen = before[pairs[j]] if j in pairs else None
            is_continued = seen is not None and j not in doubtful and not seen.has_ended
            new = track_number(frame_index=searched.frame.frame_index, face_index=j)
            now.append(
                _Seen(
                    number=seen.number if seen is not None and is_continued else new,
                    box=box,
                    pts_us=pts_us,
                    velocity=_velocity(seen, box, pts_us),
                )
            )
        unseen = [
            replace(seen, has_ended=seen.has_ended or i in ended)
            for i, seen in enumerate(before)
            if i not in pairs.values()
        ]
        self._alive, self._last_us = unseen + now, pts_us
        return tuple(seen.number for seen in now)


def _pair(
    before: Sequence[_Seen], boxes: NDArray[np.float64], pts_us: int, last_us: int
) -> tuple[dict[int, int], set[int], set[int]]:
    """Pair boxes with tracks: track by box; the boxes of which it is in doubt; the tracks that somebody else may be."""
    if not before or not len(boxes):
        return {}, set(), set()
    ways = np.concatenate([[seen.moved(pts_us, share) for seen in before] for share in WAY_SHARES])  # (S * T, 4)
    on_the_way = box_distances(ways, boxes).reshape(len(WAY_SHARES), len(before), len(boxes))  # (S, T, F)
    nearest = on_the_way.min(axis=0)
    lead = min(MIN_LEAD + MIN_LEAD_GROWTH * (pts_us - last_us) / MICROSECONDS_PER_SECOND, MAX_DISTANCE)
    pairs = {j: i for i, j in pairs_of(on_the_way[0])}
    lost = {i for i, seen in enumerate(before) if seen.pts_us < last_us}
    doubtful: set[int] = set()
    ended: set[int] = set()
    for j, i in pairs.items():
        limit = nearest[i, j] + lead
        rival_tracks = {k for k in range(len(before)) if k != i and nearest[k, j] < limit}
        rival_faces = {k for k in range(len(boxes)) if k != j and nearest[i, k] < limit}
        if i in lost:
            rival_tracks |= {k for k in lost if k != i and nearest[k, j] < LOST_DISTANCE}
            found = {k for k in range(len(boxes)) if k not in pairs or pairs[k] in lost}
            rival_faces |= {k for k in found if k != j and nearest[i, k] < LOST_DISTANCE}
        unseen_seconds = (pts_us - before[i].pts_us) / MICROSECONDS_PER_SECOND
        if rival_tracks or rival_faces or nearest[i, j] > MAX_JITTER + MAX_SPEED * unseen_seconds:
            doubtful |= {j} | rival_faces
            ended |= {i} | rival_tracks
    # a face that is still to be seen, and whose track ended here, takes no number of before either
    doubtful |= {j for j, i in pairs.items() if i in ended}
    return pairs, doubtful, ended


def _velocity(seen: _Seen | None, box: NDArray[np.float64], pts_us: int) -> NDArray[np.float64]:
    """Return how fast a box's centre moves, px a microsecond; 0 where it was not seen before."""
    if seen is None or pts_us <= seen.pts_us:
        return np.zeros(4)
    moved = (box - seen.box) / (pts_us - seen.pts_us)  # (4,)
    of_centre: NDArray[np.float64] = (moved + moved[[2, 3, 0, 1]]) / 2
    return of_centre
