"""Studies in the store: nothing is done under a name without one."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update

from core.errors import InputError
from core.people.studies import Study, check_study
from db.insertion import insert_if_absent
from db.people import audit
from db.people.audit import AuditAction
from db.subject_tables import StudyTable


def add_study(connection: Connection, study: Study, *, actor: str) -> None:
    """Store a study whose purpose is allowed. Raises InputError where it is not, or where the id is taken."""
    check_study(study)
    values = {name: getattr(study, name) for name in Study.__dataclass_fields__}
    if not insert_if_absent(connection, insert(StudyTable).values(**values, created_at=datetime.now(UTC))):
        raise InputError(f"study {study.id} is there already; choose another id")
    audit.record(connection, AuditAction.STUDY_ADDED, actor=actor, about=study.id, purpose=study.purpose.value)


def hold_study(connection: Connection, study_id: str, *, is_held: bool, actor: str) -> None:
    """Put a study under a legal hold, or release it. Raises InputError where there is none of this id."""
    get_study(connection, study_id)
    connection.execute(update(StudyTable).where(StudyTable.id == study_id).values(is_held=is_held))
    action = AuditAction.STUDY_HELD if is_held else AuditAction.STUDY_RELEASED
    audit.record(connection, action, actor=actor, about=study_id)


def record_refusal(connection: Connection, study: Study, *, actor: str, why: str) -> None:
    """Note in the audit log that a study was refused; a transaction of its own, since nothing else is stored."""
    audit.record(
        connection, AuditAction.STUDY_REFUSED, actor=actor, about=study.id, purpose=study.purpose.value, why=why
    )


def get_study(connection: Connection, study_id: str) -> Study:
    """Return a study. Raises InputError where there is none of this id."""
    row = connection.execute(_select().where(StudyTable.id == study_id)).one_or_none()
    if row is None:
        known = ", ".join(study.id for study in list_studies(connection)) or "none yet"
        raise InputError(f"there is no study {study_id} (known: {known}); add it with `moodline study add`")
    return Study(**row._mapping)


def list_studies(connection: Connection) -> list[Study]:
    """Return all studies by id."""
    return [Study(**row._mapping) for row in connection.execute(_select().order_by(StudyTable.id))]


def _select() -> Select[Any]:
    return select(*(getattr(StudyTable, name) for name in Study.__dataclass_fields__))
