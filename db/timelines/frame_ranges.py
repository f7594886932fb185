"""Which frames of a job lie in a stretch of time, told by its chunks: rows have an index by number, none by time.

Of one job by presentation time, or of many at once by wall clock.
"""

from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, Connection, and_, bindparam, case, func, select, true

from core.time_ranges import TimeRange
from db.row_tables import FaceTable, FrameTable
from db.tables import ChunkTable

#: From when, inclusive, until when, exclusive: presentation time in microseconds.
Span = tuple[int, int]

#: Frame indices: the first, inclusive, and the last, exclusive.
IndexRange = tuple[int, int]

_NO_END: Final = 2**62

_CHUNK_STARTS: Final = select(
    func.max(case((ChunkTable.start_us <= bindparam("begin_us"), ChunkTable.first_frame_index))),
    func.min(case((ChunkTable.start_us >= bindparam("until_us"), ChunkTable.first_frame_index))),
).where(ChunkTable.job_id == bindparam("job_id"))


def index_range(connection: Connection, job_id: str, span: Span) -> IndexRange:
    """Return between which numbers the frames of a span are: those of the chunks that it touches."""
    asked = {"job_id": job_id, "begin_us": span[0], "until_us": span[1]}
    first_index, end_index = connection.execute(_CHUNK_STARTS, asked).one()
    return first_index or 0, _NO_END if end_index is None else end_index


def rows_between(
    connection: Connection, job_id: str, table: type[FrameTable] | type[FaceTable], span: Span
) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on frame or face rows of a job that lie in a span.

    The database passes over the rows of the chunks that the span touches, however long the media is.
    """
    first_index, end_index = index_range(connection, job_id, span)
    return (
        table.job_id == job_id,
        table.frame_index >= first_index,
        table.frame_index < end_index,
        table.pts_us >= span[0],
        table.pts_us < span[1],
    )


def extent_us(connection: Connection, job_id: str) -> Span | None:
    """Return the presentation times of a job's first and last stored frame; None: it has none yet."""
    of_job = select(FrameTable.pts_us).where(FrameTable.job_id == job_id).limit(1)
    first_us = connection.scalar(of_job.order_by(FrameTable.frame_index))
    last_us = connection.scalar(of_job.order_by(FrameTable.frame_index.desc()))
    return None if first_us is None or last_us is None else (first_us, last_us)


def in_chunks_of(span: TimeRange, placed: CTE, frame_index: Any) -> ColumnElement[bool]:
    """Whether a frame of a placed job (rollups.placed_jobs) is of a chunk that meets a range, or lies between such.

    Chunks follow one another in time and in frames.
    """
    of_job = ChunkTable.job_id == placed.c.job_id
    found: ColumnElement[bool] = true()
    if span.from_us is not None:
        first = select(func.coalesce(func.min(ChunkTable.first_frame_index), _NO_END)).where(
            of_job, placed.c.origin_us + ChunkTable.end_us >= span.from_us
        )
        found = and_(found, frame_index >= first.correlate(placed).scalar_subquery())
    if span.until_us is not None:
        beyond = select(func.coalesce(func.min(ChunkTable.first_frame_index), _NO_END)).where(
            of_job, placed.c.origin_us + ChunkTable.start_us >= span.until_us
        )
        found = and_(found, frame_index < beyond.correlate(placed).scalar_subquery())
    return found
