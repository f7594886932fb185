"""Which subject is in which media, in which sitting and condition."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from core.errors import InputError
from core.people.subjects import Appearance
from db.insertion import insert_if_absent
from db.people import audit
from db.people.audit import AuditAction
from db.people.subjects import get_subject, require_consent
from db.subject_tables import AppearanceTable, SubjectTable
from db.tables import JobTable, MediaTable
from db.track_tables import SubjectTrackTable


def assign(connection: Connection, media_id: str, appearance: Appearance, *, actor: str) -> None:
    """Say that a subject is in a media; again, with another session or condition, corrects that.

    Raises InputError where the subject is not there, or nothing allows analysing it now.
    """
    subject = get_subject(connection, appearance.subject_id)
    where = (AppearanceTable.media_id == media_id, AppearanceTable.subject_key == subject.key)
    described = {"session": appearance.session, "condition": appearance.condition}
    row = {"media_id": media_id, "subject_key": subject.key, **described}
    if not insert_if_absent(connection, insert(AppearanceTable).values(row)):
        changed = connection.execute(
            update(AppearanceTable)
            .where(*where)
            .values({name: value for name, value in described.items() if value is not None} or described)
        )
        if not changed.rowcount:
            raise InputError(f"media {media_id}: is not in the store; analyse or submit it first")
    require_consent(connection, media_id)
    audit.record(connection, AuditAction.APPEARANCE_ASSIGNED, actor=actor, about=subject.key)


def remove(connection: Connection, media_id: str, subject_id: str, *, actor: str) -> None:
    """Take back that a subject is in a media; its rows stay, as an unnamed face's."""
    subject = get_subject(connection, subject_id)
    has_tracks = (
        select(SubjectTrackTable.track)
        .join(JobTable, JobTable.id == SubjectTrackTable.job_id)
        .where(JobTable.media_id == media_id, SubjectTrackTable.subject_key == subject.key)
        .limit(1)
    )
    if connection.scalar(has_tracks) is not None:
        raise InputError(
            f"media {media_id}: tracks of it are {subject_id}'s; say first that they are not: "
            "`moodline tracks assign MEDIA TRACK --nobody`"
        )
    removed = connection.execute(
        delete(AppearanceTable).where(AppearanceTable.media_id == media_id, AppearanceTable.subject_key == subject.key)
    )
    if not removed.rowcount:
        raise InputError(f"media {media_id}: subject {subject_id} is not assigned to it")
    audit.record(connection, AuditAction.APPEARANCE_REMOVED, actor=actor, about=subject.key)


@dataclass(frozen=True, kw_only=True)
class SubjectMedia:
    """A media in which a subject is to be seen."""

    media_id: str
    path: str
    started_at: datetime | None  # wall clock at pts 0; None: unknown
    session: str | None
    condition: str | None


def media_of_subject(connection: Connection, subject_id: str) -> list[SubjectMedia]:
    """Return a subject's media in order of time, those of unknown time last. Raises InputError for nobody."""
    key = get_subject(connection, subject_id).key
    rows = connection.execute(
        select(
            MediaTable.id.label("media_id"),
            MediaTable.path,
            MediaTable.started_at,
            AppearanceTable.session,
            AppearanceTable.condition,
        )
        .join(AppearanceTable, AppearanceTable.media_id == MediaTable.id)
        .where(AppearanceTable.subject_key == key)
        .order_by(MediaTable.started_at.is_(None), MediaTable.started_at, MediaTable.id)
    )
    return [SubjectMedia(**row._mapping) for row in rows]


def appearances_in(connection: Connection, media_id: str) -> list[Appearance]:
    """Return the subjects of a media by pseudonym."""
    rows = connection.execute(
        select(SubjectTable.id.label("subject_id"), AppearanceTable.session, AppearanceTable.condition)
        .join(AppearanceTable, AppearanceTable.subject_key == SubjectTable.key)
        .where(AppearanceTable.media_id == media_id)
        .order_by(SubjectTable.id)
    )
    return [Appearance(**row._mapping) for row in rows]
