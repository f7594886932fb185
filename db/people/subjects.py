"""Subjects in the store: added with what allows it, found by pseudonym; consent renewed and withdrawn."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, exists, func, insert, or_, select, true, update

from core.errors import InputError
from core.people.subjects import Consent, Subject
from db.insertion import insert_if_absent
from db.people import audit
from db.people.audit import AuditAction
from db.people.studies import get_study
from db.people.tombstones import is_erased
from db.queue.control import cancel
from db.states import UNFINISHED
from db.subject_tables import AppearanceTable, ConsentTable, SubjectTable
from db.tables import JobTable


def add_subject(
    connection: Connection, subject_id: str, consent: Consent, *, study_id: str, group: str | None, actor: str
) -> Subject:
    """Store a person with what allows it. Raises InputError where the pseudonym is taken or the study is not there."""
    get_study(connection, study_id)
    if is_erased(connection, subject_id):
        raise InputError(f"subject {subject_id} was erased; choose another pseudonym")
    key = secrets.token_hex(8)
    values = {
        "key": key,
        "id": subject_id,
        "study_id": study_id,
        "group_name": group,
        "created_at": datetime.now(UTC),
    }
    if not insert_if_absent(connection, insert(SubjectTable).values(values)):
        raise InputError(f"subject {subject_id} is there already; choose another pseudonym")
    audit.record(connection, AuditAction.SUBJECT_ADDED, actor=actor, about=key, study=study_id)
    give_consent(connection, subject_id, consent, actor=actor)
    return get_subject(connection, subject_id)


def get_subject(connection: Connection, subject_id: str) -> Subject:
    """Return a subject by pseudonym. Raises InputError where there is none."""
    found = _subjects(connection, SubjectTable.id == subject_id)
    if not found:
        raise InputError(f"there is no subject {subject_id}; add it with `moodline subject add`")
    return found[0]


def list_subjects(connection: Connection, *, study_id: str | None = None) -> Sequence[Subject]:
    """Return all subjects, or a study's, by pseudonym."""
    return _subjects(connection, true() if study_id is None else SubjectTable.study_id == study_id)


def give_consent(connection: Connection, subject_id: str, consent: Consent, *, actor: str) -> None:
    """Record a new consent, or another basis, beside those before."""
    key = _key_of(connection, subject_id)
    if consent.until_at is not None and consent.until_at <= consent.given_at:
        raise InputError(f"subject {subject_id}: --until {consent.until_at:%Y-%m-%d} is not after the day it was given")
    count = select(func.count()).where(ConsentTable.subject_key == key)
    number = connection.scalars(count).one()
    connection.execute(insert(ConsentTable).values(subject_key=key, number=number, **asdict(consent)))
    audit.record(
        connection,
        AuditAction.CONSENT_GIVEN,
        actor=actor,
        about=key,
        basis=consent.basis,
        version=consent.version,
        until=None if consent.until_at is None else consent.until_at.isoformat(),
    )


def withdraw(connection: Connection, subject_id: str, *, actor: str) -> list[str]:
    """End every consent of a subject now, and cancel what is being analysed of it; return the cancelled jobs' ids.

    Rows that are stored stay: withdrawing stops, erasing removes.
    """
    key = _key_of(connection, subject_id)
    now = datetime.now(UTC)
    connection.execute(
        update(ConsentTable)
        .where(ConsentTable.subject_key == key, ConsentTable.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )
    running = connection.scalars(
        select(JobTable.id)
        .join(AppearanceTable, AppearanceTable.media_id == JobTable.media_id)
        .where(AppearanceTable.subject_key == key, JobTable.state.in_(UNFINISHED))
        .order_by(JobTable.id)
    ).all()
    cancelled = [job_id for job_id in running if cancel(connection, job_id)]
    audit.record(connection, AuditAction.CONSENT_WITHDRAWN, actor=actor, about=key, num_cancelled_jobs=len(cancelled))
    return cancelled


def cancel_expired(connection: Connection) -> list[str]:
    """Cancel what is being analysed of subjects whose consent ran out meanwhile; return the jobs' ids.

    Whoever has work done asks this every few seconds: an expiry is nobody's action that could do it.
    """
    now = datetime.now(UTC)
    holds = exists().where(
        ConsentTable.subject_key == AppearanceTable.subject_key,
        ConsentTable.withdrawn_at.is_(None),
        ConsentTable.given_at <= now,
        or_(ConsentTable.until_at.is_(None), ConsentTable.until_at > now),
    )
    running = connection.execute(
        select(JobTable.id, AppearanceTable.subject_key)
        .join(AppearanceTable, AppearanceTable.media_id == JobTable.media_id)
        .where(JobTable.state.in_(UNFINISHED), JobTable.finished_at.is_(None), ~holds)
        .order_by(JobTable.id)
    ).all()
    cancelled = [row for row in running if cancel(connection, row.id)]
    for key in sorted({row.subject_key for row in cancelled}):
        audit.record(connection, AuditAction.CONSENT_EXPIRED, actor="moodline", about=key)
    return [row.id for row in cancelled]


def require_consent(connection: Connection, media_id: str) -> None:
    """Raise InputError where a subject of this media has nothing that allows analysing it now."""
    appearing = SubjectTable.key.in_(select(AppearanceTable.subject_key).where(AppearanceTable.media_id == media_id))
    now = datetime.now(UTC)
    for subject in _subjects(connection, appearing):
        if subject.consent_at(now) is None:
            raise InputError(
                f"subject {subject.id}: no consent or other basis holds now; record one with "
                f"`moodline subject consent {subject.id}`, or leave the media unanalysed"
            )


def media_without_consent(connection: Connection, media_ids: Sequence[str]) -> set[str]:
    """Return which of these media must not be analysed now, because of somebody who is in them."""
    rows = connection.execute(
        select(AppearanceTable.media_id, AppearanceTable.subject_key).where(AppearanceTable.media_id.in_(media_ids))
    ).all()
    now = datetime.now(UTC)
    subjects = _subjects(connection, SubjectTable.key.in_({row.subject_key for row in rows}))
    refusing = {subject.key for subject in subjects if subject.consent_at(now) is None}
    return {row.media_id for row in rows if row.subject_key in refusing}


def _key_of(connection: Connection, subject_id: str) -> str:
    return get_subject(connection, subject_id).key


def _subjects(connection: Connection, wanted: ColumnElement[bool]) -> list[Subject]:
    columns = (SubjectTable.id, SubjectTable.key, SubjectTable.study_id, SubjectTable.group_name.label("group"))
    rows = connection.execute(select(*columns).where(wanted).order_by(SubjectTable.id)).all()
    consents: dict[str, list[Consent]] = {row.key: [] for row in rows}
    found = connection.execute(
        select(ConsentTable.__table__)
        .join(SubjectTable, SubjectTable.key == ConsentTable.subject_key)
        .where(wanted)
        .order_by(ConsentTable.subject_key, ConsentTable.number)
    )
    for row in found:
        fields = {name: row._mapping[name] for name in Consent.__dataclass_fields__}
        consents[row.subject_key].append(Consent(**fields))
    return [Subject(**row._mapping, consents=tuple(consents[row.key])) for row in rows]
