"""Subjects written: added with what allows it, consents recorded and withdrawn, people erased. Every one is audited."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.documents.documents import subject_document
from api.documents.examples import SUBJECT, answered
from api.erasing import erase
from api.own_subjects import actor_of, find_subject, require_local
from api.parts import OwnerOf, PartsOf, SubjectId
from api.problems import Problem, documented
from api.requests.subjects import ConsentRequest, SubjectRequest
from db.people.subjects import add_subject, get_subject, give_consent, withdraw

router = APIRouter(prefix="/v1/subjects", tags=["subjects"])

_MADE: dict[int | str, dict[str, Any]] = {201: answered(SUBJECT)[200]}


@router.post("", status_code=201, responses=documented(400, 411, 413) | _MADE)
def add(parts: PartsOf, owner: OwnerOf, asked: SubjectRequest) -> dict[str, Any]:
    """Add a person under a pseudonym, with what allows it. Its study must be there."""
    require_local(owner)
    with parts.store.writing() as connection:
        made = add_subject(
            connection,
            asked.subject_id,
            asked.consent(),
            study_id=asked.study_id,
            group=asked.group,
            actor=actor_of(owner),
        )
    return subject_document(made)


@router.post("/{subject_id}/consents", status_code=201, responses=documented(400, 411, 413) | _MADE)
def record_consent(parts: PartsOf, owner: OwnerOf, subject_id: SubjectId, asked: ConsentRequest) -> dict[str, Any]:
    """Record a new consent, or another basis; those before stay on record."""
    find_subject(parts, owner, subject_id)
    with parts.store.writing() as connection:
        give_consent(connection, subject_id, asked.consent(), actor=actor_of(owner))
        return subject_document(get_subject(connection, subject_id))


@router.post("/{subject_id}/withdraw", responses=documented(411, 413))
def withdraw_consent(parts: PartsOf, owner: OwnerOf, subject_id: SubjectId) -> dict[str, Any]:
    """End a person's consents now and cancel what is being analysed of it. Stored rows stay until they are erased."""
    find_subject(parts, owner, subject_id)
    with parts.store.writing() as connection:
        cancelled = withdraw(connection, subject_id, actor=actor_of(owner))
        document = subject_document(get_subject(connection, subject_id))
    return document | {"cancelled_job_ids": cancelled}


@router.delete("/{subject_id}", responses=documented(411, 413))
def erase_for_good(
    parts: PartsOf,
    owner: OwnerOf,
    subject_id: SubjectId,
    confirm: Annotated[str, Query(max_length=200, description="The pseudonym again: there is no way back.")],
) -> dict[str, Any]:
    """Remove a person for good: rows of all generations, consents, uploads, exports. Answers with a certificate."""
    find_subject(parts, owner, subject_id)
    if confirm != subject_id:
        raise Problem(422, "NOT_CONFIRMED", f"confirm={confirm}: write the pseudonym {subject_id} again to erase it")
    erased = erase(parts.store, subject_id, parts.outside, actor=actor_of(owner))
    return erased.certificate | {"num_originals_left": len(erased.originals)}
