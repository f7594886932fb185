"""Counting a job's chunks, and what happens with the last one: its final state, and whose rows speak for the media."""

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from db.archive.generations import let_speak, lock_media
from db.jobs import chunk_problems, get_job
from db.records import JobRecord
from db.states import UNFINISHED, JobState
from db.tables import ActiveGenerationTable, JobTable


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What a step adds to a job's counters."""

    num_chunks_done: int = 0
    num_chunks_failed: int = 0
    num_frames: int = 0
    num_face_frames: int = 0
    num_faces: int = 0


_COUNTERS: Final = tuple(field.name for field in fields(Progress))

#: Put together once: every chunk asks for it.
_ADD: Final = (
    update(JobTable)
    .where(JobTable.id == bindparam("of_job"))
    .values({name: getattr(JobTable, name) + bindparam(f"more_{name}") for name in _COUNTERS})
    .returning(
        JobTable.num_chunks, JobTable.num_chunks_done, JobTable.num_chunks_failed, JobTable.state, JobTable.is_open
    )
)


def advance(connection: Connection, job_id: str, progress: Progress) -> JobState:
    """Add to a job's counters, in the transaction that changed its chunks; finish the job with its last chunk.

    Returns the state in which the job was found, under its lock: a job that is cancelled at the same moment says so.
    """
    more = {f"more_{name}": getattr(progress, name) for name in _COUNTERS}
    job = connection.execute(_ADD, {"of_job": job_id, **more}).one()
    nothing_left = job.num_chunks_done + job.num_chunks_failed == job.num_chunks
    if nothing_left and not job.is_open and job.state in UNFINISHED:
        _finish(connection, get_job(connection, job_id))
    return JobState(job.state)


def _finish(connection: Connection, job: JobRecord) -> None:
    problems = chunk_problems(connection, job.id)
    error_code = error_message = None
    state = JobState.DONE
    if problems:
        state = JobState.FAILED if job.num_chunks_failed == job.num_chunks else JobState.COMPLETED_WITH_ERRORS
        first = problems[0]
        error_code = first.fault.code
        error_message = (
            f"{len(problems)} of {job.num_chunks} chunks have missing frames; "
            f"the first at {first.span.start_us / 1e6:g} s: {first.fault.message}"
        )
    connection.execute(
        update(JobTable)
        .where(JobTable.id == job.id)
        .values(state=state, error_code=error_code, error_message=error_message, finished_at=datetime.now(UTC))
    )
    if state is not JobState.FAILED:
        _activate(connection, job)


def _activate(connection: Connection, job: JobRecord) -> None:
    """Let this job's rows speak for the media, unless a job that was submitted later does, or it is to wait."""
    lock_media(connection, job.media_id)
    active_since = connection.scalar(
        select(JobTable.created_at)
        .join(ActiveGenerationTable, ActiveGenerationTable.job_id == JobTable.id)
        .where(ActiveGenerationTable.media_id == job.media_id)
    )
    if active_since is None or (job.activates and active_since <= job.created_at):
        let_speak(connection, job)
