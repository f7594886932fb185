"""The audit log: who did what to whom when. Entries are only added, and each is sealed together with the one before.

A digest covers the digest before it: whoever changes, removes or inserts an entry must make all later ones anew, and
whoever kept the newest digest elsewhere sees it. An entry names a subject by its random key, never by its pseudonym,
media, session or condition, and says nothing of what was seen in a face: it outlives a subject that is erased.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select

from db.subject_tables import AuditTable

#: Stands before the first entry.
_BEGINNING: Final = "0" * 64

#: The number by which writers of the log find each other in PostgreSQL; any that no other program uses.
_AUDIT_LOCK: Final = 0x61756469


class AuditAction(StrEnum):
    """What is logged."""

    STUDY_ADDED = "study added"
    STUDY_REFUSED = "study refused"
    STUDY_HELD = "study held"
    STUDY_RELEASED = "study released"
    SUBJECT_ADDED = "subject added"
    CONSENT_GIVEN = "consent given"
    CONSENT_WITHDRAWN = "consent withdrawn"
    CONSENT_EXPIRED = "consent expired"
    APPEARANCE_ASSIGNED = "appearance assigned"
    APPEARANCE_REMOVED = "appearance removed"
    TRACKS_DECIDED = "tracks decided"
    TRACKS_SHOWN = "tracks shown"
    FACE_ENROLLED = "face enrolled"
    FACE_COMPARED = "face compared"
    BASELINE_MADE = "baseline made"
    SUBJECT_ERASED = "subject erased"
    RETENTION_APPLIED = "retention applied"
    TIMELINE_VIEWED = "timeline viewed"
    GROUPS_COMPARED = "groups compared"
    ERRORS_REPORTED = "errors reported"
    FORECAST_TRAINED = "forecast trained"


@dataclass(frozen=True, kw_only=True)
class AuditEntry:
    """One line of the log."""

    number: int  # from 0, without a gap
    at: datetime
    actor: str
    action: str
    about: str | None  # a subject's key, a study's id
    detail: dict[str, Any]
    digest: str  # lower-case hex


def record(
    connection: Connection, action: AuditAction, *, actor: str, about: str | None = None, **detail: object
) -> None:
    """Add an entry, in the transaction of what it tells."""
    if connection.dialect.name == "postgresql":  # SQLite lets only one write anyway
        connection.execute(select(func.pg_advisory_xact_lock(_AUDIT_LOCK)))
    last = connection.execute(
        select(AuditTable.number, AuditTable.digest).order_by(AuditTable.number.desc()).limit(1)
    ).one_or_none()
    entry = {
        "number": 0 if last is None else last.number + 1,
        "at": datetime.now(UTC),
        "actor": actor,
        "action": action.value,
        "about": about,
        "detail": json.dumps(detail, sort_keys=True, ensure_ascii=False),
    }
    digest = _digest(_BEGINNING if last is None else last.digest, entry)
    connection.execute(insert(AuditTable).values(**entry, digest=digest))


def entries(connection: Connection) -> Iterator[AuditEntry]:
    """Yield the log, oldest first."""
    for row in _rows(connection):
        yield AuditEntry(**row | {"detail": json.loads(row["detail"])})


def newest(connection: Connection) -> AuditEntry | None:
    """Return the last entry; None: the log is empty."""
    return max(entries(connection), key=lambda entry: entry.number, default=None)


def first_broken(connection: Connection) -> int | None:
    """Return the number at which the log is not what was written; None: it is whole.

    The end of a log can be cut off unseen: compare its newest digest with one that was kept elsewhere.
    """
    before = _BEGINNING
    for expected, row in enumerate(_rows(connection)):
        digest = row.pop("digest")
        if row["number"] != expected or digest != _digest(before, row):
            return expected
        before = digest
    return None


def _rows(connection: Connection) -> Iterator[dict[str, Any]]:
    for row in connection.execute(select(AuditTable.__table__).order_by(AuditTable.number)):
        yield dict(row._mapping)


def _digest(before: str, entry: dict[str, Any]) -> str:
    """Seal an entry: every column but the digest, in a form that does not depend on the database."""
    named = (str(entry[name]) for name in ("number", "at", "actor", "action"))
    sealed = json.dumps([before, *named, entry["about"], entry["detail"]])
    return hashlib.sha256(sealed.encode()).hexdigest()
