"""What is being worked on, and what waits: chunks in hand, chunks by queue and state, the speed of late. Reads only.

Work that is long over is never scanned.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Executable, func, or_, select

from db.clock import database_seconds
from db.states import ChunkState, JobQueue
from db.tables import ChunkTable, JobTable

#: Over how long "of late" is measured.
LATELY_SECONDS: Final = 60.0


@dataclass(frozen=True, kw_only=True)
class HeldChunk:
    """A chunk in somebody's hands."""

    holder: str  # host/pid/start of the process
    job_id: str
    chunk_index: int
    queue: JobQueue
    attempt: int
    lease_seconds_left: float  # negative: silent for too long, anybody may take it


@dataclass(frozen=True, kw_only=True)
class QueueState:
    """The unfinished jobs' chunks, and how fast rows come."""

    num_chunks: dict[JobQueue, dict[ChunkState, int]]  # of unfinished jobs; every queue and state
    num_chunks_by_error: dict[str, int]  # of unfinished jobs, by code
    num_jobs_by_error: dict[str, int]  # of all jobs, by the code of the first fault
    frames_per_second: float  # committed of late


def held_chunks(connection: Connection) -> list[HeldChunk]:
    """Return the chunks in hand, those whose lease ends first before others."""
    left = (ChunkTable.lease_until_seconds - database_seconds()).label("lease_seconds_left")
    rows = connection.execute(
        select(
            ChunkTable.lease_owner.label("holder"),
            ChunkTable.job_id,
            ChunkTable.chunk_index,
            JobTable.queue,
            ChunkTable.attempt,
            left,
        )
        .join(JobTable, JobTable.id == ChunkTable.job_id)
        .where(
            ChunkTable.lease_until_seconds.is_not(None),
            ChunkTable.state == ChunkState.LEASED,
            JobTable.finished_at.is_(None),
        )
        .order_by(ChunkTable.lease_until_seconds, ChunkTable.job_id, ChunkTable.chunk_index)
    )
    return [HeldChunk(**dict(row._mapping) | {"holder": row.holder or "unknown"}) for row in rows]


def queue_state(connection: Connection) -> QueueState:
    """Return what waits, what went wrong, and how fast rows come."""
    counts = {queue: dict.fromkeys(ChunkState, 0) for queue in JobQueue}
    by_state = (
        select(JobTable.queue, ChunkTable.state, func.count().label("num"))
        .join(ChunkTable, ChunkTable.job_id == JobTable.id)
        .where(JobTable.finished_at.is_(None))
        .group_by(JobTable.queue, ChunkTable.state)
    )
    for row in connection.execute(by_state):
        counts[row.queue][row.state] = row.num
    chunk_errors = (
        select(ChunkTable.error_code, func.count())
        .join(JobTable, JobTable.id == ChunkTable.job_id)
        .where(JobTable.finished_at.is_(None), ChunkTable.error_code.is_not(None))
        .group_by(ChunkTable.error_code)
    )
    job_errors = (
        select(JobTable.error_code, func.count()).where(JobTable.error_code.is_not(None)).group_by(JobTable.error_code)
    )
    is_recent = or_(
        JobTable.finished_at.is_(None), JobTable.finished_at > datetime.now(UTC) - timedelta(seconds=2 * LATELY_SECONDS)
    )
    num_frames = connection.scalar(
        select(func.sum(ChunkTable.num_frames))
        .join(JobTable, JobTable.id == ChunkTable.job_id)
        .where(is_recent, ChunkTable.finished_at_seconds > database_seconds() - LATELY_SECONDS)
    )
    return QueueState(
        num_chunks=counts,
        num_chunks_by_error=_counted(connection, chunk_errors),
        num_jobs_by_error=_counted(connection, job_errors),
        frames_per_second=float(num_frames or 0) / LATELY_SECONDS,
    )


def _counted(connection: Connection, counts: Executable) -> dict[str, int]:
    return dict(sorted((str(row[0]), int(row[1])) for row in connection.execute(counts)))
