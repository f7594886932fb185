"""Sums over short stretches of rows, from which timelines of months are made without reading every frame. No SQL.

A cell covers frames of one chunk that lie in one minute of wall clock, or of the media where no wall clock is known.
Cells keep the times of their first and last frame: what falls across the border of a wanted bin can be told, and read
from the rows themselves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from core.emotions import EMOTIONS
from core.frames import FrameStatus
from core.observations import FrameObservation

#: Width of a cell. A minute border is one of every wider bin too, in any time zone.
CELL_US: Final = 60_000_000

#: Stands for faces that were not followed.
NO_TRACK: Final = -1


@dataclass(kw_only=True)
class FrameCell:
    """The sampled frames of a stretch."""

    first_us: int  # presentation time of its first frame
    last_us: int  # and of its last
    num_frames: int = 0
    num_face_frames: int = 0  # of these, frames in which a face was found
    num_rejected_frames: int = 0  # of the face frames, those in which every reading abstained
    num_undecodable_frames: int = 0


@dataclass(kw_only=True)
class FaceCell:
    """The counted readings of one track in a stretch: those that did not abstain."""

    track: int
    first_us: int  # presentation time of the first counted reading
    last_us: int
    num_faces: int = 0
    sum_probs: list[float] = field(default_factory=lambda: [0.0] * len(EMOTIONS))  # (7,)


@dataclass(frozen=True, kw_only=True)
class Rollup:
    """The cells of a chunk, in order of time."""

    frames: Sequence[FrameCell]
    faces: Sequence[FaceCell]


def roll_up(frames: Iterable[FrameObservation], *, origin_us: int) -> Rollup:
    """Sum up a chunk's frames, in order of time. `origin_us` is the wall clock at presentation time 0; 0: not known."""
    frame_cells: dict[int, FrameCell] = {}  # by minute
    face_cells: dict[tuple[int, int], FaceCell] = {}  # by minute and track
    for frame in frames:
        minute = (origin_us + frame.pts_us) // CELL_US
        cell = frame_cells.setdefault(minute, FrameCell(first_us=frame.pts_us, last_us=frame.pts_us))
        counted = [face for face in frame.faces if not face.reading.abstained]
        cell.last_us = frame.pts_us
        cell.num_frames += 1
        cell.num_face_frames += bool(frame.faces)
        cell.num_rejected_frames += bool(frame.faces) and not counted
        cell.num_undecodable_frames += frame.status is FrameStatus.UNDECODABLE
        for face in counted:
            track = NO_TRACK if face.track is None else face.track
            mine = face_cells.setdefault(
                (minute, track), FaceCell(track=track, first_us=frame.pts_us, last_us=frame.pts_us)
            )
            mine.last_us = frame.pts_us
            mine.num_faces += 1
            mine.sum_probs = [total + prob for total, prob in zip(mine.sum_probs, face.reading.probs, strict=True)]
    return Rollup(frames=list(frame_cells.values()), faces=list(face_cells.values()))
