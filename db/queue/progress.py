"""How far jobs are: chunks by state, frames a second of late, what went wrong by code. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, case, func, select

from db.archive.media import get_media
from db.clock import database_seconds
from db.jobs import get_job
from db.records import JobRecord
from db.states import ChunkState
from db.tables import ChunkTable, JobTable

#: Over how long "of late" is measured.
_LATELY_SECONDS: Final = 60.0


@dataclass(frozen=True, kw_only=True)
class JobProgress:
    """A job and how far it is."""

    job: JobRecord
    path: str  # of its media's file, as last seen; a camera's name
    num_chunks_by_state: dict[ChunkState, int]  # every state, also those with none
    num_chunks_of_late: int  # finished of late
    seconds_of_late: float  # what "of late" is: a minute, or the time since the first chunk was finished
    frames_per_second: float  # committed of late
    num_chunks_by_error: dict[str, int]  # by code, chunks that failed or have a fault

    @property
    def seconds_left(self) -> float | None:
        """At the speed of late; None: nothing was finished of late, or nothing is left."""
        num_left = self.num_chunks_by_state[ChunkState.PENDING] + self.num_chunks_by_state[ChunkState.LEASED]
        if not num_left or not self.num_chunks_of_late:
            return None
        return num_left * self.seconds_of_late / self.num_chunks_of_late


def job_progress(connection: Connection, job_id: str) -> JobProgress:
    """Return how far a job is; it must exist."""
    counts = dict.fromkeys(ChunkState, 0)
    by_state = select(ChunkTable.state, func.count()).where(ChunkTable.job_id == job_id).group_by(ChunkTable.state)
    counts.update({row[0]: row[1] for row in connection.execute(by_state)})
    by_error = (
        select(ChunkTable.error_code, func.count())
        .where(ChunkTable.job_id == job_id, ChunkTable.error_code.is_not(None))
        .group_by(ChunkTable.error_code)
        .order_by(ChunkTable.error_code)
    )
    now = database_seconds()
    is_late = ChunkTable.finished_at_seconds > now - _LATELY_SECONDS
    late = connection.execute(
        select(
            func.coalesce(func.sum(case((is_late, 1), else_=0)), 0).label("num_chunks"),
            func.coalesce(func.sum(case((is_late, ChunkTable.num_frames), else_=0)), 0).label("num_frames"),
            (now - func.min(ChunkTable.finished_at_seconds)).label("seconds_since_first"),
        ).where(ChunkTable.job_id == job_id)
    ).one()
    seconds = max(1.0, min(_LATELY_SECONDS, late.seconds_since_first or _LATELY_SECONDS))
    job = get_job(connection, job_id)
    return JobProgress(
        job=job,
        path=get_media(connection, job.media_id).path,
        num_chunks_by_state=counts,
        num_chunks_of_late=int(late.num_chunks),
        frames_per_second=float(late.num_frames) / seconds,
        num_chunks_by_error={str(row[0]): row[1] for row in connection.execute(by_error)},
        seconds_of_late=seconds,
    )


def unfinished_job_ids(connection: Connection) -> Sequence[str]:
    """Return the jobs that are not over, those of the highest priority first, then the oldest."""
    unfinished = select(JobTable.id).where(JobTable.finished_at.is_(None))
    return connection.scalars(unfinished.order_by(JobTable.priority.desc(), JobTable.created_at, JobTable.id)).all()
