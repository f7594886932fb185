"""Generations: the rows of a media's jobs beside each other, and which of them speaks for it.

Readers see one generation until the switch, and the other one after it: there is nothing between.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, insert, select, update

from core.errors import InputError
from db.jobs import get_job
from db.records import JobRecord
from db.states import JobState
from db.tables import ActiveGenerationTable, JobTable, MediaTable

#: States of a job whose rows may speak for a media.
FINISHED: Final = (JobState.DONE, JobState.COMPLETED_WITH_ERRORS)


@dataclass(frozen=True, kw_only=True)
class Generation:
    """A job as one of its media's generations."""

    job: JobRecord
    is_active: bool  # its rows are what readers of the media see


def list_generations(connection: Connection, media_id: str) -> list[Generation]:
    """Return every job of a media, the newest first: those with rows, and those that will have some."""
    active = active_job_id(connection, media_id)
    ids = connection.scalars(
        select(JobTable.id).where(JobTable.media_id == media_id).order_by(JobTable.created_at.desc(), JobTable.id)
    ).all()
    return [Generation(job=get_job(connection, job_id), is_active=job_id == active) for job_id in ids]


def active_job_id(connection: Connection, media_id: str) -> str | None:
    """Return the job whose rows speak for a media; None: no job of it is finished."""
    return connection.scalar(select(ActiveGenerationTable.job_id).where(ActiveGenerationTable.media_id == media_id))


def activate(connection: Connection, job_id: str) -> str | None:
    """Let a finished job's rows speak for its media. Return the job that did before; None: none did.

    Raise InputError where the job is not finished.
    """
    job = get_job(connection, job_id)
    lock_media(connection, job.media_id)
    if job.state not in FINISHED:
        raise InputError(
            f"job {job.id} is {job.state}: only a generation that is finished can be read; "
            f"`moodline status {job.id}` shows how far it is"
        )
    before = active_job_id(connection, job.media_id)
    let_speak(connection, job)
    return before


def lock_media(connection: Connection, media_id: str) -> None:
    """Make those who decide which job speaks for a media take turns, on PostgreSQL; on SQLite all writers do."""
    connection.execute(select(MediaTable.id).where(MediaTable.id == media_id).with_for_update())


def let_speak(connection: Connection, job: JobRecord) -> None:
    """Switch readers of a media to this job's rows. The caller holds `lock_media`, and has decided."""
    switched = connection.execute(
        update(ActiveGenerationTable).where(ActiveGenerationTable.media_id == job.media_id).values(job_id=job.id)
    )
    if not switched.rowcount:
        connection.execute(insert(ActiveGenerationTable).values(media_id=job.media_id, job_id=job.id))
