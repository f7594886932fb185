"""Which frames of a job may lie in a range of wall clock: told by its chunks, so that rows are found by their key."""

from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, and_, func, select, true

from core.time_ranges import TimeRange
from db.tables import ChunkTable

_BEHIND_ALL: Final = 2**62


def in_chunks_of(span: TimeRange, placed: CTE, frame_index: Any) -> ColumnElement[bool]:
    """Whether a frame of a placed job (db.rollups.placed_jobs) is of a chunk that meets a range, or lies between such.

    Chunks follow one another in time and in frames.
    """
    of_job = ChunkTable.job_id == placed.c.job_id
    found: ColumnElement[bool] = true()
    if span.from_us is not None:
        first = select(func.coalesce(func.min(ChunkTable.first_frame_index), _BEHIND_ALL)).where(
            of_job, placed.c.origin_us + ChunkTable.end_us >= span.from_us
        )
        found = and_(found, frame_index >= first.correlate(placed).scalar_subquery())
    if span.until_us is not None:
        beyond = select(func.coalesce(func.min(ChunkTable.first_frame_index), _BEHIND_ALL)).where(
            of_job, placed.c.origin_us + ChunkTable.start_us >= span.until_us
        )
        found = and_(found, frame_index < beyond.correlate(placed).scalar_subquery())
    return found
