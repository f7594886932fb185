"""The whole store at a glance, for metrics and alarms: what waits, what is held, what went wrong. Reads only.

Work that is over is never scanned: counts of it come from the jobs' own counters.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, and_, case, func, select

from db.clock import database_seconds
from db.states import ChunkState, JobQueue, JobState
from db.tables import ChunkTable, JobTable


@dataclass(frozen=True, kw_only=True)
class Overview:
    """A store at one moment."""

    num_jobs_by_state: dict[JobState, int]  # every state, also those with none
    num_chunks_waiting: dict[JobQueue, int]  # pending chunks of unfinished jobs, every queue
    num_chunks_leased: int
    num_leases_expired: int  # of these, held by nobody who still says so
    oldest_unfinished_seconds: dict[JobQueue, float]  # since the oldest unfinished job was submitted; 0: there is none
    num_frames: int  # committed, ever
    num_chunks_failed: int  # given up, ever


def overview(connection: Connection) -> Overview:
    """Return the store at a glance."""
    jobs = connection.execute(
        select(
            JobTable.state,
            func.count().label("num_jobs"),
            func.sum(JobTable.num_frames).label("num_frames"),
            func.sum(JobTable.num_chunks_failed).label("num_failed"),
        ).group_by(JobTable.state)
    ).all()
    unfinished = connection.execute(
        select(
            JobTable.queue,
            func.sum(JobTable.num_chunks - JobTable.num_chunks_done - JobTable.num_chunks_failed).label("num_left"),
            func.min(JobTable.created_at).label("oldest_at"),
        )
        .where(JobTable.finished_at.is_(None))
        .group_by(JobTable.queue)
    ).all()
    is_leased = and_(ChunkTable.lease_until_seconds.is_not(None), ChunkTable.state == ChunkState.LEASED)
    is_expired = case((ChunkTable.lease_until_seconds < database_seconds(), 1), else_=0)
    leased = connection.execute(
        select(JobTable.queue, func.count().label("num_chunks"), func.sum(is_expired).label("num_expired"))
        .join(ChunkTable, ChunkTable.job_id == JobTable.id)
        .where(is_leased, JobTable.finished_at.is_(None))
        .group_by(JobTable.queue)
    ).all()
    leased_by_queue = {row.queue: row.num_chunks for row in leased}
    now = datetime.now(UTC)
    return Overview(
        num_jobs_by_state=dict.fromkeys(JobState, 0) | {row.state: row.num_jobs for row in jobs},
        num_chunks_waiting=dict.fromkeys(JobQueue, 0)
        | {row.queue: int(row.num_left) - leased_by_queue.get(row.queue, 0) for row in unfinished},
        num_chunks_leased=sum(leased_by_queue.values()),
        num_leases_expired=sum(row.num_expired or 0 for row in leased),
        oldest_unfinished_seconds=dict.fromkeys(JobQueue, 0.0)
        | {row.queue: max(0.0, (now - row.oldest_at).total_seconds()) for row in unfinished},
        num_frames=sum(int(row.num_frames or 0) for row in jobs),
        num_chunks_failed=sum(int(row.num_failed or 0) for row in jobs),
    )
