"""What a person does to a job: cancel, pause, resume. Workers notice at their next claim, heartbeat or commit."""

from datetime import UTC, datetime

from sqlalchemy import Connection, update

from core.errors import InputError
from db.archive.media import get_media
from db.jobs import get_job
from db.records import JobRecord
from db.states import UNFINISHED, ChunkState, JobState, MediaKind
from db.tables import ChunkTable, JobTable


def cancel(connection: Connection, job_id: str) -> bool:
    """Give a job up: what is stored stays, nothing more is claimed or committed. False: it was over already."""
    cancelled = connection.execute(
        update(JobTable)
        .where(JobTable.id == job_id, JobTable.state.in_(UNFINISHED))
        .values(state=JobState.CANCELLED, finished_at=datetime.now(UTC))
    )
    return cancelled.rowcount == 1


def pause(connection: Connection, job_id: str) -> bool:
    """Let no more chunk of a job be claimed; those in hand are finished. False: it was over already."""
    paused = connection.execute(
        update(JobTable).where(JobTable.id == job_id, JobTable.state.in_(UNFINISHED)).values(is_paused=True)
    )
    return paused.rowcount == 1


def resume(connection: Connection, job_id: str) -> JobRecord:
    """Let a paused job go on; try the failed chunks of one that ended with errors again. Raise InputError if neither.

    A failed chunk gets three new attempts: its source may be back, or a worker with more memory may have come. Not a
    camera's: their fragments are gone.
    """
    job = get_job(connection, job_id)
    if job.state is JobState.CANCELLED:
        raise InputError(f"job {job.id} was cancelled and cannot be resumed: submit its file again with --force")
    if job.num_chunks_failed and get_media(connection, job.media_id).kind is MediaKind.FILE:
        _reopen(connection, job)
    elif job.finished_at is not None:
        raise InputError(f"job {job.id} is {job.state}: nothing of it is left to do")
    connection.execute(update(JobTable).where(JobTable.id == job_id).values(is_paused=False))
    return get_job(connection, job_id)


def _reopen(connection: Connection, job: JobRecord) -> None:
    reopened = connection.execute(
        update(ChunkTable)
        .where(ChunkTable.job_id == job.id, ChunkTable.state == ChunkState.FAILED)
        .values(
            state=ChunkState.PENDING,
            attempt=0,
            next_try_at_seconds=None,
            finished_at_seconds=None,
            error_code=None,
            error_message=None,
        )
    )
    connection.execute(
        update(JobTable)
        .where(JobTable.id == job.id)
        .values(
            state=JobState.RUNNING,
            num_chunks_failed=JobTable.num_chunks_failed - reopened.rowcount,
            error_code=None,
            error_message=None,
            finished_at=None,
        )
    )
