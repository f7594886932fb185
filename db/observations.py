"""Frame and face rows: written in bulk, read back one frame at a time. What is read is what was written, to the bit."""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select

from core.emotions import EMOTIONS
from core.frames import Face
from core.observations import FaceObservation, FrameObservation, Reading
from db.records import Claim
from db.row_tables import FaceTable, FrameTable

#: face_row's columns of probabilities, in the order of EMOTIONS.
PROB_COLUMNS: Final = tuple(f"p_{emotion}" for emotion in EMOTIONS)

_NUM_ROWS_AT_ONCE: Final = 1_000
_NO_MORE_FACES: Final[tuple[int, tuple[FaceObservation, ...]]] = (-1, ())


def insert_frames(connection: Connection, claim: Claim, frames: Sequence[FrameObservation]) -> None:
    """Insert a chunk's frame and face rows."""
    for frame in frames:
        if not claim.span.start_us <= frame.pts_us < claim.span.end_us:
            raise ValueError(f"frame {frame.frame_index} at {frame.pts_us} us is not in {claim.span}")
    if frames:
        connection.execute(insert(FrameTable), [_frame_row(claim, frame) for frame in frames])
    faces = [_face_row(claim.job_id, frame, face) for frame in frames for face in frame.faces]
    if faces:
        connection.execute(insert(FaceTable), faces)


def stream_frames(connection: Connection, job_id: str, *, from_index: int = 0) -> Iterator[FrameObservation]:
    """Yield a job's frames in order, from a frame_index on, holding about a thousand rows at a time.

    Read on inside the transaction.
    """
    frames = connection.execute(
        select(FrameTable.__table__)
        .where(FrameTable.job_id == job_id, FrameTable.frame_index >= from_index)
        .order_by(FrameTable.frame_index)
        .execution_options(yield_per=_NUM_ROWS_AT_ONCE)
    )
    faces = connection.execute(
        select(FaceTable.__table__)
        .where(FaceTable.job_id == job_id, FaceTable.frame_index >= from_index)
        .order_by(FaceTable.frame_index, FaceTable.face_index)
        .execution_options(yield_per=_NUM_ROWS_AT_ONCE)
    )
    yield from frames_of_rows(frames, faces)


def frames_of_rows(frames: Iterable[Row[Any]], faces: Iterable[Row[Any]]) -> Iterator[FrameObservation]:
    """Put rows of FrameTable and of FaceTable together, both in order."""
    faces_of_frames = _by_frame(faces)
    next_index, next_faces = next(faces_of_frames, _NO_MORE_FACES)
    for frame in frames:
        mine: tuple[FaceObservation, ...] = ()
        if frame.frame_index == next_index:
            mine = next_faces
            next_index, next_faces = next(faces_of_frames, _NO_MORE_FACES)
        yield FrameObservation(frame_index=frame.frame_index, pts_us=frame.pts_us, status=frame.status, faces=mine)


def get_frame(connection: Connection, job_id: str, frame_index: int) -> FrameObservation:
    """Return one stored frame with its faces; it must exist."""
    frame = connection.execute(
        select(FrameTable.__table__).where(FrameTable.job_id == job_id, FrameTable.frame_index == frame_index)
    ).one()
    faces = connection.execute(
        select(FaceTable.__table__)
        .where(FaceTable.job_id == job_id, FaceTable.frame_index == frame_index)
        .order_by(FaceTable.face_index)
    )
    return FrameObservation(
        frame_index=frame.frame_index,
        pts_us=frame.pts_us,
        status=frame.status,
        faces=tuple(_face(row) for row in faces),
    )


def _by_frame(rows: Iterable[Row[Any]]) -> Iterator[tuple[int, tuple[FaceObservation, ...]]]:
    """Yield frame_index and faces of each frame that has some."""
    for frame_index, faces in groupby(rows, key=attrgetter("frame_index")):
        yield frame_index, tuple(_face(row) for row in faces)


def _frame_row(claim: Claim, frame: FrameObservation) -> dict[str, Any]:
    return {
        "job_id": claim.job_id,
        "frame_index": int(frame.frame_index),  # int(): sqlite3 stores a numpy integer as its bytes, with no error
        "chunk_index": claim.span.chunk_index,
        "pts_us": int(frame.pts_us),
        "status": frame.status,
    }


def _face_row(job_id: str, frame: FrameObservation, observation: FaceObservation) -> dict[str, Any]:
    face, reading = observation.face, observation.reading
    x1, y1, x2, y2 = face.box
    floats = {
        "x1": x1,
        "y1": y1,
        "x2": x2,
        "y2": y2,
        "score": face.score,
        **dict(zip(PROB_COLUMNS, reading.probs, strict=True)),
        "unreadable": reading.unreadable,
        "face_px": observation.face_px,
        "blur": observation.blur,
    }
    if not math.isfinite(sum(floats.values())):  # SQLite would store NaN as NULL
        raise ValueError(
            f"frame {frame.frame_index} face {observation.face_index} has a value that is no number: {floats}"
        )
    return {
        "job_id": job_id,
        "frame_index": int(frame.frame_index),
        "face_index": int(observation.face_index),
        "pts_us": int(frame.pts_us),
        "track": observation.track,
        **{name: _plain(value) for name, value in floats.items()},
        "landmarks": json.dumps([[_plain(x), _plain(y)] for x, y in face.landmarks]) if face.landmarks else None,
        "abstained": bool(reading.abstained),
    }


def _plain(value: float) -> float:
    # float(): a numpy scalar is no JSON. + 0.0: SQLite drops the sign of -0.0, PostgreSQL and JSON would keep it.
    return float(value) + 0.0


def _face(row: Row[Any]) -> FaceObservation:
    landmarks = json.loads(row.landmarks) if row.landmarks else []
    return FaceObservation(
        face_index=row.face_index,
        track=row.track,
        face=Face(
            box=(row.x1, row.y1, row.x2, row.y2),
            score=row.score,
            landmarks=tuple((x, y) for x, y in landmarks),
        ),
        reading=Reading(
            probs=tuple(row._mapping[name] for name in PROB_COLUMNS),
            unreadable=row.unreadable,
            abstained=row.abstained,
        ),
        face_px=row.face_px,
        blur=row.blur,
    )
