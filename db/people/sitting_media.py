"""The media of a person's sittings: when each was filmed, and how far its analysis is. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from db.people.subjects import get_subject
from db.states import JobState
from db.subject_tables import AppearanceTable
from db.tables import ActiveGenerationTable, JobTable, MediaTable


@dataclass(frozen=True, kw_only=True)
class SittingMedia:
    """A media in which a subject is said to be."""

    media_id: str
    session: str  # the media's id where it is a sitting of its own
    condition: str | None
    started_at: datetime | None  # wall clock of its first frame; None: not known
    ended_at: datetime | None
    job_id: str | None  # that speaks for it, else the newest; None: it was never analysed
    state: JobState | None  # of that job


def sitting_media(connection: Connection, subject_id: str) -> Sequence[SittingMedia]:
    """Return a subject's media in order of time, those of unknown time last. Raises InputError for nobody."""
    key = get_subject(connection, subject_id).key
    theirs = select(AppearanceTable.media_id).where(AppearanceTable.subject_key == key)
    rank = func.row_number().over(
        partition_by=JobTable.media_id,
        order_by=(ActiveGenerationTable.job_id.is_(None), JobTable.created_at.desc(), JobTable.run_number.desc()),
    )
    jobs = (
        select(JobTable.media_id, JobTable.id.label("job_id"), JobTable.state, rank.label("rank"))
        .outerjoin(ActiveGenerationTable, ActiveGenerationTable.job_id == JobTable.id)
        .where(JobTable.media_id.in_(theirs))
        .subquery()
    )
    rows = connection.execute(
        select(
            MediaTable.id,
            MediaTable.started_at,
            MediaTable.start_us,
            MediaTable.end_us,
            AppearanceTable.session,
            AppearanceTable.condition,
            jobs.c.job_id,
            jobs.c.state,
        )
        .join(AppearanceTable, AppearanceTable.media_id == MediaTable.id)
        .outerjoin(jobs, (jobs.c.media_id == MediaTable.id) & (jobs.c.rank == 1))
        .where(AppearanceTable.subject_key == key)
        .order_by(MediaTable.started_at.is_(None), MediaTable.started_at, MediaTable.id)
    )
    return [
        SittingMedia(
            media_id=row.id,
            session=row.session or row.id,
            condition=row.condition,
            started_at=_later(row.started_at, row.start_us),
            ended_at=_later(row.started_at, row.end_us),
            job_id=row.job_id,
            state=row.state,
        )
        for row in rows
    ]


def _later(moment: datetime | None, time_us: int) -> datetime | None:
    return None if moment is None else moment + timedelta(microseconds=time_us)
