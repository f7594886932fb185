"""Rows that have been kept for as long as their study said, and no longer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from db.people import audit
from db.people.audit import AuditAction
from db.people.erasure import RemovedMedia, remove_media
from db.queue.control import cancel
from db.states import UNFINISHED
from db.subject_tables import AppearanceTable, StudyTable, SubjectTable
from db.tables import JobTable, MediaTable


@dataclass(frozen=True, kw_only=True)
class DueMedia:
    """A media whose term is over."""

    media_id: str
    path: str
    recorded_at: datetime  # where nobody said when it was filmed: when it was first submitted
    due_at: datetime


def due_media(connection: Connection, now: datetime) -> list[DueMedia]:
    """Return the media whose term is over, the longest overdue first.

    A media of several subjects is due when the last of their studies' terms is over. One of a study without a term, or
    under a legal hold, is not due; nor is one in which nobody is named.
    """
    terms = (
        select(
            AppearanceTable.media_id,
            func.max(StudyTable.retention_days).label("days"),
            func.count().label("num_studies"),
            func.count(StudyTable.retention_days).label("num_with_term"),
            func.count().filter(StudyTable.is_held.is_(True)).label("num_held"),
        )
        .join(SubjectTable, SubjectTable.key == AppearanceTable.subject_key)
        .join(StudyTable, StudyTable.id == SubjectTable.study_id)
        .group_by(AppearanceTable.media_id)
        .subquery()
    )
    rows = connection.execute(
        select(MediaTable.id, MediaTable.path, MediaTable.started_at, MediaTable.created_at, terms.c.days)
        .join(terms, terms.c.media_id == MediaTable.id)
        .where(terms.c.num_with_term == terms.c.num_studies, terms.c.num_held == 0)
    )
    found = []
    for row in rows:
        recorded_at = row.started_at or row.created_at
        due_at = recorded_at + timedelta(days=row.days)
        if due_at <= now:
            found.append(DueMedia(media_id=row.id, path=row.path, recorded_at=recorded_at, due_at=due_at))
    return sorted(found, key=lambda media: (media.due_at, media.media_id))


def stop_work(connection: Connection, media: Sequence[DueMedia]) -> None:
    """Cancel what is being analysed of these media: a transaction of its own, before they are removed."""
    ids = [each.media_id for each in media]
    running = select(JobTable.id).where(JobTable.media_id.in_(ids), JobTable.state.in_(UNFINISHED))
    for job_id in connection.scalars(running).all():
        cancel(connection, job_id)


def remove_due(connection: Connection, media: Sequence[DueMedia], *, actor: str) -> RemovedMedia:
    """Remove media whose term is over, with all jobs, generations and rows of them."""
    removed = remove_media(connection, [each.media_id for each in media])
    num_rows = sum(removed.num_rows_by_table.values())
    audit.record(connection, AuditAction.RETENTION_APPLIED, actor=actor, num_media=len(media), num_rows=num_rows)
    return removed
