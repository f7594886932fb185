"""Subjects, and what allows their analysis. They are kept by whoever runs the command line: only local sees them."""

from typing import Any

from fastapi import APIRouter

from api.documents.documents import subject_document
from api.documents.examples import SUBJECT, answered
from api.own_subjects import find_subject, own_subjects
from api.paging import cursor_of, read_cursor
from api.parts import Cursor, Limit, OwnerOf, PartsOf, SubjectId
from api.problems import documented

router = APIRouter(prefix="/v1/subjects", tags=["subjects"])


@router.get("", responses=documented() | answered({"subjects": [SUBJECT], "next_cursor": None}))
def show_subjects(parts: PartsOf, owner: OwnerOf, cursor: Cursor = None, limit: Limit = 100) -> dict[str, Any]:
    """List the subjects by pseudonym, with what allows their analysis now."""
    after = None if cursor is None else read_cursor(cursor, str)[0]
    found = [subject for subject in own_subjects(parts, owner) if after is None or subject.id > after]
    more = cursor_of(found[limit - 1].id) if len(found) > limit else None
    return {"subjects": [subject_document(subject) for subject in found[:limit]], "next_cursor": more}


@router.get("/{subject_id}", responses=documented() | answered(SUBJECT))
def show_subject(parts: PartsOf, owner: OwnerOf, subject_id: SubjectId) -> dict[str, Any]:
    """Tell of a subject."""
    return subject_document(find_subject(parts, owner, subject_id))
