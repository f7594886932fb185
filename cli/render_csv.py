"""Timelines and frames as CSV, one line a bin or a face, readable by R and pandas without options."""

import csv
from collections.abc import Iterable
from typing import Final, TextIO

from core.emotions import EMOTIONS
from core.observations import FaceObservation, FrameObservation
from core.timeline import Timeline

_LANDMARK_NAMES: Final = ("left_eye", "right_eye", "nose", "mouth_left", "mouth_right")
_TIMELINE_COLUMNS: Final = (
    "start_seconds",
    "num_frames",
    "num_face_frames",
    "num_rejected_frames",
    "num_undecodable_frames",
    "num_faces",
    "top",
    *(f"p_{emotion}" for emotion in EMOTIONS),
)
_FRAME_COLUMNS: Final = (
    "frame_index",
    "pts_seconds",
    "status",
    "face_index",
    "track",
    "x1",
    "y1",
    "x2",
    "y2",
    "score",
    *(f"p_{emotion}" for emotion in EMOTIONS),
    "top",
    "unreadable",
    "abstained",
    "face_px",
    "blur",
    *(f"{name}_{axis}" for name in _LANDMARK_NAMES for axis in "xy"),
)


def write_timeline_csv(timeline: Timeline, file: TextIO) -> None:
    """Write one line a bin; a gap has empty probabilities."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_TIMELINE_COLUMNS)
    for p in timeline.points:
        counts = (p.num_frames, p.num_face_frames, p.num_rejected_frames, p.num_undecodable_frames, p.num_faces)
        probs = [""] * len(EMOTIONS) if p.probs is None else [round(value, 6) for value in p.probs]
        writer.writerow((p.start_seconds, *counts, p.top or "", *probs))


def write_frames_csv(frames: Iterable[FrameObservation], file: TextIO) -> None:
    """Write one line a face, and one for each frame without: every sampled frame is there."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_FRAME_COLUMNS)
    num_face_columns = len(_FRAME_COLUMNS) - 3
    for frame in frames:
        start = (frame.frame_index, frame.pts_seconds, frame.status.value)
        if not frame.faces:
            writer.writerow((*start, *[""] * num_face_columns))
        for face in frame.faces:
            cells = _face_cells(face)
            writer.writerow((*start, *cells, *[""] * (num_face_columns - len(cells))))


def _face_cells(face: FaceObservation) -> tuple[object, ...]:
    reading = face.reading
    return (
        face.face_index,
        "" if face.track is None else face.track,
        *face.face.box,
        face.face.score,
        *reading.probs,
        reading.top,
        reading.unreadable,
        int(reading.abstained),
        face.face_px,
        face.blur,
        *(value for point in face.face.landmarks for value in point),
    )
