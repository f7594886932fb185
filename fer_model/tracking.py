"""Gives each face of a chunk's frames the number of its track: one face followed through time, by place and size alone.

Who somebody is, it cannot tell: two people who cross may change numbers, and a cut ends every track.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.frames import Face
from core.observations import track_number
from fer_model.association import associate
from fer_model.detector import SearchedFrame

#: A face not seen for longer than this begins a new track when it comes back.
MAX_UNSEEN_US: Final = 1_000_000


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """Where a track was last."""

    number: int
    face: Face
    pts_us: int


class Tracks:
    """Follows the faces of one chunk, frame by frame."""

    def __init__(self) -> None:
        self._alive: list[_Seen] = []

    def numbers(self, searched: SearchedFrame, faces: Sequence[Face]) -> tuple[int, ...]:
        """Return the track of each of a frame's faces, which may be some of those found, in their order."""
        pts_us = searched.frame.pts_us
        if searched.begins_shot:
            self._alive = []
        self._alive = [seen for seen in self._alive if pts_us - seen.pts_us <= MAX_UNSEEN_US]
        track_of = {j: self._alive[i].number for i, j in associate([seen.face for seen in self._alive], faces)}
        numbers = tuple(
            track_of.get(j, track_number(frame_index=searched.frame.frame_index, face_index=j))
            for j in range(len(faces))
        )
        now = [_Seen(number=number, face=face, pts_us=pts_us) for number, face in zip(numbers, faces, strict=True)]
        self._alive = [seen for seen in self._alive if seen.number not in numbers] + now
        return numbers
