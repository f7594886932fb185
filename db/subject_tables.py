"""The tables of studies, subjects, consents, who appears where, what was erased, and of the audit log."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.people.studies import Exemption, Purpose
from db.tables import Table


class StudyTable(Table):
    """Why people are filmed, and who answers for it."""

    __tablename__ = "study"

    id: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[Purpose]
    controller: Mapped[str]
    contact: Mapped[str]
    exemption: Mapped[Exemption | None]
    reason: Mapped[str | None]
    retention_days: Mapped[int | None]
    is_held: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class SubjectTable(Table):
    """A person in a study. The only table that holds the pseudonym: whatever else names a subject names the key."""

    __tablename__ = "subject"

    key: Mapped[str] = mapped_column(primary_key=True)  # random
    id: Mapped[str] = mapped_column(unique=True)  # pseudonym
    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), index=True)
    group_name: Mapped[str | None]
    created_at: Mapped[datetime]


class ConsentTable(Table):
    """What allows that a subject's faces are analysed. Withdrawn ones stay: they say what was allowed when."""

    __tablename__ = "consent"

    subject_key: Mapped[str] = mapped_column(ForeignKey("subject.key"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)  # of the subject's, from 0
    basis: Mapped[str]
    scope: Mapped[str]
    version: Mapped[str]
    covers_identity: Mapped[bool]
    given_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class AppearanceTable(Table):
    """A subject in a media."""

    __tablename__ = "appearance"

    media_id: Mapped[str] = mapped_column(ForeignKey("media.id"), primary_key=True)
    subject_key: Mapped[str] = mapped_column(ForeignKey("subject.key"), primary_key=True, index=True)
    session: Mapped[str | None]
    condition: Mapped[str | None]


class BaselineTable(Table):
    """What a subject's face appeared to show in chosen sittings, as it was worked out then (core.people.baseline)."""

    __tablename__ = "baseline"

    subject_key: Mapped[str] = mapped_column(ForeignKey("subject.key"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)  # of the subject's, from 1
    definition: Mapped[str]
    estimates: Mapped[str]  # JSON, by measure
    num_sessions: Mapped[int]
    num_readings: Mapped[int]
    model_versions: Mapped[str]  # JSON
    made_at: Mapped[datetime]


class SubjectFileTable(Table):
    """A file that was written out about a subject: erasing removes it, where it still is what was written."""

    __tablename__ = "subject_file"

    subject_key: Mapped[str] = mapped_column(ForeignKey("subject.key"), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)  # absolute
    sha256: Mapped[str]
    written_at: Mapped[datetime]


class TombstoneTable(Table):
    """Something that was erased and must not come back: a pseudonym, or a media's content. Tells nobody which."""

    __tablename__ = "tombstone"

    digest: Mapped[str] = mapped_column(primary_key=True)  # SHA-256 of salt and what was erased
    salt: Mapped[str]  # random
    erased_at: Mapped[datetime]


class AuditTable(Table):
    """Who did what to whom when, each entry sealed together with the one before it (db/people/audit.py)."""

    __tablename__ = "audit"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 0, without a gap
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    about: Mapped[str | None]  # a subject's key, a study's or a job's id
    detail: Mapped[str]  # JSON; never what was seen in a face
    digest: Mapped[str]  # SHA-256 over the digest before and all columns of this entry
