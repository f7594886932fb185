"""Whose subjects are whose: they are the local owner's (decision 21.3). Looking at one is logged by its key."""

from api.parts import Parts
from api.problems import Problem
from api.submitting import no_subject
from core.errors import InputError
from core.people.subjects import Subject
from db.archive.owned import LOCAL_OWNER
from db.people import audit
from db.people.subjects import get_subject, list_subjects


def own_subjects(parts: Parts, owner: str) -> list[Subject]:
    """Return an owner's subjects by pseudonym."""
    if owner != LOCAL_OWNER:
        return []
    with parts.store.reading() as connection:
        return sorted(list_subjects(connection), key=lambda subject: subject.id)


def find_subject(parts: Parts, owner: str, subject_id: str) -> Subject:
    """Return an owner's subject. Raises Problem where it is not there, or not the owner's: the same."""
    if owner != LOCAL_OWNER:
        raise no_subject(subject_id)
    try:
        with parts.store.reading() as connection:
            return get_subject(connection, subject_id)
    except InputError as error:
        raise no_subject(subject_id) from error


def require_local(owner: str) -> None:
    """Raise Problem for owners who may not ask about, or change, what is not theirs alone."""
    if owner != LOCAL_OWNER:
        raise Problem(403, "LOCAL_ONLY", f"this concerns more than what is {owner}'s: only the owner local may")


def actor_of(owner: str) -> str:
    """Return what the audit log calls whoever asks for an owner."""
    return f"api:{owner}"


def log_view(parts: Parts, owner: str, subject: Subject, **viewed: str) -> None:
    """Log a look at a record."""
    with parts.store.writing() as connection:
        audit.record(connection, audit.AuditAction.TIMELINE_VIEWED, actor=actor_of(owner), about=subject.key, **viewed)
