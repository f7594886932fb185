"""The raw rows as a table: one row a face, and one for each sampled frame without."""

from collections.abc import Iterable, Iterator
from typing import Final

from core.emotions import EMOTIONS
from core.exports.columns import Cell, ExportTable, integer, number, text, truth
from core.observations import FaceObservation, FrameObservation

_LANDMARK_NAMES: Final = ("left_eye", "right_eye", "nose", "mouth_left", "mouth_right")
_PX: Final = "px of the upright source frame, origin top-left"

COLUMNS: Final = (
    integer("frame_index", "position among the media's frames in presentation order, sampled or not, from 0"),
    number("pts_seconds", "presentation time", "s"),
    integer("pts_us", "presentation time", "us"),
    text("status", "face; no_face: searched, nobody there; undecodable: the bytes are damaged"),
    integer("face_index", "position among the frame's faces, the largest first, from 0"),
    integer("track", "the same for one face in consecutive frames of a chunk; missing: not followed"),
    *(
        number(name, f"the face's box: {which}", _PX)
        for name, which in zip(("x1", "y1", "x2", "y2"), ("left", "top", "right", "bottom"), strict=True)
    ),
    number("score", "the detector's confidence that this is a face", "fraction 0..1"),
    *(
        number(f"p_{emotion}", f"probability that the face would be said to show {emotion}", "probability 0..1")
        for emotion in EMOTIONS
    ),
    text("top", "the most probable of the seven"),
    number("unreadable", "share of people who would answer unknown, or not a face", "probability 0..1"),
    truth("abstained", "too unsure to be counted in a timeline"),
    number("face_px", "height of the box", "px"),
    number("blur", "variance of the Laplacian of the 48x48 crop; small is blurred", "grey levels squared"),
    *(
        number(f"{name}_{axis}", f"{name.replace('_', ' ')}, {axis}; kept where the analysis ran with --landmarks", _PX)
        for name in _LANDMARK_NAMES
        for axis in "xy"
    ),
)

_NUM_FRAME_COLUMNS: Final = 4
_NUM_FACE_COLUMNS: Final = len(COLUMNS) - _NUM_FRAME_COLUMNS


def frame_table(frames: Iterable[FrameObservation]) -> ExportTable:
    """Put frames one under the other, as they come."""
    return ExportTable(columns=COLUMNS, rows=_rows(frames))


def _rows(frames: Iterable[FrameObservation]) -> Iterator[tuple[Cell, ...]]:
    for frame in frames:
        start = (frame.frame_index, frame.pts_seconds, frame.pts_us, frame.status.value)
        if not frame.faces:
            yield (*start, *[None] * _NUM_FACE_COLUMNS)
        for face in frame.faces:
            cells = _face_cells(face)
            yield (*start, *cells, *[None] * (_NUM_FACE_COLUMNS - len(cells)))


def _face_cells(face: FaceObservation) -> tuple[Cell, ...]:
    reading = face.reading
    return (
        face.face_index,
        face.track,
        *face.face.box,
        face.face.score,
        *reading.probs,
        reading.top,
        reading.unreadable,
        reading.abstained,
        face.face_px,
        face.blur,
        *(value for point in face.face.landmarks for value in point),
    )
