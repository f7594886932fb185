"""Generations of the whole archive: listed, compared, switched, made anew with another model. For local alone."""

import re
from dataclasses import asdict
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query

from api.comparing import diff_jobs, diff_models
from api.documents.differences import archive_document, media_document, without_path
from api.documents.generations import generation_document, reprocess_document, switch_document
from api.own_subjects import require_local
from api.parts import OwnerOf, PartsOf
from api.problems import Problem, documented
from api.requests.archive import ActivateRequest, ReprocessAsked
from core.documents import NOTICE
from core.errors import InputError
from db.archive import generations
from db.archive.model_generations import find_model_version, list_model_generations, plan_switch, switch_all
from db.jobs import find_job
from db.records import JobRecord
from db.store import Store
from fer_model.checkpoints.card import find_card, read_card
from producer.reprocess import ReprocessRequest, plan_reprocess, reprocess
from producer.submit import version_of

router = APIRouter(prefix="/v1", tags=["archive"])

_JOB: Final = r"^[0-9a-f]{16}$"
_ONE: Final = r"^([0-9a-f]{16}|[A-Za-z0-9][A-Za-z0-9._-]{0,100})$"
_From: Final = Query(alias="from", pattern=_ONE, description="A job's id; or a model's name or version.")
_To: Final = Query(alias="to", pattern=_ONE, description="The same of the other one.")


@router.get("/generations", responses=documented())
def show_generations(
    parts: PartsOf,
    owner: OwnerOf,
    media_id: Annotated[str | None, Query(pattern=_JOB, description="None: all, by model.")] = None,
) -> dict[str, Any]:
    """List what the store holds by model version; of one media, its generations and which one is read."""
    require_local(owner)
    with parts.store.reading() as connection:
        if media_id is None:
            return {"models": [asdict(each) for each in list_model_generations(connection)]}
        found = generations.list_generations(connection, media_id)
    if not found:
        raise Problem(404, "NO_SUCH_MEDIA", f"there is no job of media {media_id}: GET /v1/media lists them")
    return {"media_id": media_id, "generations": [generation_document(each) for each in found]}


@router.get("/generations/diff", responses=documented())
def compare(
    parts: PartsOf, owner: OwnerOf, before: Annotated[str, _From], after: Annotated[str, _To]
) -> dict[str, Any]:
    """Compare two jobs of one media, or two models over all media that both have finished, face by face.

    What the figures mean: docs/reprocessing.md. Every row of both is read: a large archive takes long.
    """
    require_local(owner)
    are_jobs = [re.fullmatch(_JOB, each) is not None for each in (before, after)]
    if are_jobs[0] is not are_jobs[1]:
        raise Problem(422, "TWO_KINDS", f"from={before} to={after}: name two jobs, or two models")
    if are_jobs[0]:
        jobs = (_job(parts.store, each).id for each in (before, after))
        return without_path(media_document(diff_jobs(parts.store, *jobs))) | {"notice": NOTICE}
    found = diff_models(parts.store, before, after, on_media=lambda _media: None)
    media = [without_path(media_document(each)) for each in found.most_changed]
    return archive_document(found) | {"most_changed_media": media, "notice": NOTICE}


@router.post("/generations/activate", responses=documented(400, 409, 411, 413))
def activate(parts: PartsOf, owner: OwnerOf, asked: ActivateRequest) -> dict[str, Any]:
    """Let readers see a finished job's rows, or a model's wherever it is finished, at one stroke."""
    require_local(owner)
    if asked.job_id is not None:
        job = _job(parts.store, asked.job_id)
        if job.state not in generations.FINISHED:
            raise Problem(409, "JOB_NOT_FINISHED", f"job {job.id} is {job.state}: only what is finished can be read")
        with parts.store.writing() as connection:
            before = generations.activate(connection, job.id)
        return {"media_id": job.media_id, "job_id": job.id, "model_version": job.model_version_id,
                "job_id_before": before}  # fmt: skip
    assert asked.model is not None, "the request names one of the two"
    with parts.store.reading() if asked.dry_run else parts.store.writing() as connection:
        version = find_model_version(connection, asked.model)
        switch = plan_switch(connection, version)
        if not asked.dry_run:
            switch_all(connection, version)
    return switch_document(switch, version, dry_run=asked.dry_run)


@router.post("/reprocess", responses=documented(400, 411, 413))
def analyse_again(parts: PartsOf, owner: OwnerOf, asked: ReprocessAsked) -> dict[str, Any]:
    """Analyse stored media again with another model: a new generation beside the old, at low priority.

    Readers see the old one until it is activated. Broken off half-way, the same call goes on with the rest.
    """
    require_local(owner)
    request = ReprocessRequest(
        model_version=version_of(read_card(find_card(asked.model))),
        selection=asked.selection(),
        changes=asked.changes(),
        priority=asked.priority,
    )
    if asked.dry_run:
        totals = plan_reprocess(parts.store, request)
    else:
        totals = reprocess(parts.store, request, on_batch=lambda _totals: None)
    return reprocess_document(totals, request, dry_run=asked.dry_run)


def _job(store: Store, job_id: str) -> JobRecord:
    try:
        with store.reading() as connection:
            return find_job(connection, job_id)
    except InputError as error:
        raise Problem(
            404, "NO_SUCH_JOB", f"there is no job {job_id}: GET /v1/generations?media_id= lists them"
        ) from error
