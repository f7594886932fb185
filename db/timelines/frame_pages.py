"""Some of a job's frames, in order of time: a page of them, found by number within the chunks of a stretch."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from core.observations import FrameObservation
from db.observations import frames_of_rows
from db.row_tables import FaceTable, FrameTable
from db.timelines.frame_ranges import Span, rows_between


def frames_page(
    connection: Connection, job_id: str, *, from_index: int, limit: int, span: Span | None = None
) -> list[FrameObservation]:
    """Return a job's frames from a frame_index on, `limit` at most, within a span of presentation time."""
    wanted = (FrameTable.job_id == job_id,) if span is None else rows_between(connection, job_id, FrameTable, span)
    frames = connection.execute(
        select(FrameTable.__table__)
        .where(*wanted, FrameTable.frame_index >= from_index)
        .order_by(FrameTable.frame_index)
        .limit(limit)
    ).all()
    if not frames:
        return []
    faces = connection.execute(
        select(FaceTable.__table__)
        .where(
            FaceTable.job_id == job_id,
            FaceTable.frame_index.between(frames[0].frame_index, frames[-1].frame_index),
        )
        .order_by(FaceTable.frame_index, FaceTable.face_index)
    )
    return list(frames_of_rows(frames, faces))


def frames_within(connection: Connection, job_id: str, span: Span) -> Iterator[FrameObservation]:
    """Yield a job's frames of a span of presentation time, in order. Read on inside the transaction."""
    frames = connection.execute(
        select(FrameTable.__table__)
        .where(*rows_between(connection, job_id, FrameTable, span))
        .order_by(FrameTable.frame_index)
    )
    faces = connection.execute(
        select(FaceTable.__table__)
        .where(*rows_between(connection, job_id, FaceTable, span))
        .order_by(FaceTable.frame_index, FaceTable.face_index)
    )
    yield from frames_of_rows(frames, faces)
