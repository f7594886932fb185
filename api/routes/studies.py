"""Studies: why people are filmed, who answers for it. A prohibited purpose is refused, and the refusal logged."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from api.own_subjects import actor_of, require_local
from api.parts import OwnerOf, PartsOf
from api.problems import Problem, documented
from api.requests.subjects import StudyRequest
from core.errors import InputError
from core.people.studies import check_study
from db.people.studies import add_study, get_study, list_studies, record_refusal

router = APIRouter(prefix="/v1/studies", tags=["subjects"])


@router.get("", responses=documented())
def show_studies(parts: PartsOf, owner: OwnerOf) -> dict[str, Any]:
    """List the studies."""
    require_local(owner)
    with parts.store.reading() as connection:
        return {"studies": [asdict(study) for study in list_studies(connection)]}


@router.post("", status_code=201, responses=documented(400, 411, 413))
def add(parts: PartsOf, owner: OwnerOf, asked: StudyRequest) -> dict[str, Any]:
    """Add a study. Workplace and education are refused without a recorded medical or safety reason."""
    require_local(owner)
    study = asked.study()
    try:
        check_study(study)
    except InputError as error:
        with parts.store.writing() as connection:
            record_refusal(connection, study, actor=actor_of(owner), why=str(error))
        raise Problem(422, "PURPOSE_REFUSED", str(error)) from error
    with parts.store.writing() as connection:
        add_study(connection, study, actor=actor_of(owner))
        return asdict(get_study(connection, study.id))
