"""How far a job has come in its media's time: which stretches are still to be analysed, and are no gaps."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from db.records import JobRecord
from db.states import UNFINISHED, ChunkState
from db.tables import ChunkTable
from db.timelines.frame_ranges import Span

_TO_DO = (ChunkState.PENDING, ChunkState.LEASED)


@dataclass(frozen=True, kw_only=True)
class Analysed:
    """What there is to read of a job."""

    is_partial: bool  # true: the job is not over, and more rows will come
    until_us: int | None  # presentation time before which nothing is to come any more; None: all is there, or nothing
    to_do: tuple[Span, ...]  # stretches without rows so far, in order


def analysed(connection: Connection, job: JobRecord) -> Analysed:
    """Tell what there is to read of a job, as it stood when its record was read."""
    if job.state not in UNFINISHED:
        return Analysed(is_partial=False, until_us=None, to_do=())
    to_do = _spans_to_do(connection, job.id)
    end_us = connection.scalar(select(func.max(ChunkTable.end_us)).where(ChunkTable.job_id == job.id))
    return Analysed(is_partial=True, until_us=to_do[0][0] if to_do else end_us, to_do=tuple(to_do))


def _spans_to_do(connection: Connection, job_id: str) -> list[Span]:
    """Return the stretches that have no rows yet, in order; neighbours are one."""
    rows = connection.execute(
        select(ChunkTable.start_us, ChunkTable.end_us)
        .where(ChunkTable.job_id == job_id, ChunkTable.state.in_(_TO_DO))
        .order_by(ChunkTable.chunk_index)
    )
    found: list[Span] = []
    for start_us, end_us in rows:
        if found and found[-1][1] == start_us:
            found[-1] = (found[-1][0], end_us)
        else:
            found.append((start_us, end_us))
    return found
