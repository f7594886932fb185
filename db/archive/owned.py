"""What is an owner's own: its jobs, and the media that these are of, page by page. Reads only.

A media is known by its content, so that two owners may have the same; each reads it by its own jobs.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from db.archive.media import media_record
from db.jobs import job_record, select_jobs
from db.records import JobRecord, MediaRecord, MediaSummary
from db.states import UNFINISHED, JobState
from db.tables import ActiveGenerationTable, JobTable, MediaTable

#: Whoever runs the command line: owner of what commands make, and of the subjects.
LOCAL_OWNER: Final = "local"

#: Which of an owner's jobs of a media is read where none is active: one with all its rows, else one that grows.
_READABLE: Final = case(
    (JobTable.state.in_((JobState.DONE, JobState.COMPLETED_WITH_ERRORS)), 2),
    (JobTable.state.in_(UNFINISHED), 1),
    else_=0,
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where in a list, the newest first, a page ended."""

    created_at: datetime  # aware
    id: str


def own_job(connection: Connection, owner: str, job_id: str) -> JobRecord | None:
    """Return an owner's job; None: there is none of this id, or it is another's."""
    row = connection.execute(select_jobs().where(JobTable.id == job_id, JobTable.owner == owner)).one_or_none()
    return None if row is None else job_record(row)


def own_jobs(
    connection: Connection, owner: str, *, after: Place | None, limit: int, state: JobState | None = None
) -> list[JobRecord]:
    """Return an owner's jobs, or those in a state, the newest first, behind a place."""
    is_wanted = true() if state is None else JobTable.state == state
    rows = connection.execute(
        select_jobs()
        .where(JobTable.owner == owner, is_wanted, _behind(after, JobTable.created_at, JobTable.id))
        .order_by(JobTable.created_at.desc(), JobTable.id)
        .limit(limit)
    )
    return [job_record(row) for row in rows]


def own_media(connection: Connection, owner: str, media_id: str) -> MediaSummary | None:
    """Return a media of which an owner has a job, with the job that the owner reads; None: there is none."""
    row = connection.execute(
        select(MediaTable.__table__).where(MediaTable.id == media_id, _has_job_of(owner))
    ).one_or_none()
    return None if row is None else _summary(connection, owner, media_record(row))


def own_media_page(connection: Connection, owner: str, *, after: Place | None, limit: int) -> list[MediaSummary]:
    """Return the media of which an owner has a job, the newest first, behind a place."""
    rows = connection.execute(
        select(MediaTable.__table__)
        .where(_has_job_of(owner), _behind(after, MediaTable.created_at, MediaTable.id))
        .order_by(MediaTable.created_at.desc(), MediaTable.id)
        .limit(limit)
    ).all()
    return [_summary(connection, owner, media_record(row)) for row in rows]


def _summary(connection: Connection, owner: str, media: MediaRecord) -> MediaSummary:
    jobs_of_media = (JobTable.media_id == media.id, JobTable.owner == owner)
    num_jobs = connection.scalar(select(func.count()).select_from(JobTable).where(*jobs_of_media)) or 0
    is_active = exists().where(ActiveGenerationTable.job_id == JobTable.id)
    row = connection.execute(
        select_jobs()
        .where(*jobs_of_media)
        .order_by(
            is_active.desc(), _READABLE.desc(), JobTable.created_at.desc(), JobTable.run_number.desc(), JobTable.id
        )
        .limit(1)
    ).one()
    return MediaSummary(media=media, num_jobs=num_jobs, job=job_record(row))


def _has_job_of(owner: str) -> ColumnElement[bool]:
    return exists().where(JobTable.media_id == MediaTable.id, JobTable.owner == owner)


def _behind(
    place: Place | None, created_at: InstrumentedAttribute[datetime], key: InstrumentedAttribute[str]
) -> ColumnElement[bool]:
    if place is None:
        return true()
    return or_(created_at < place.created_at, and_(created_at == place.created_at, key > place.id))
