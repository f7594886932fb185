"""Jobs: asked for, watched, cancelled, paused, resumed."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from starlette.responses import JSONResponse

from api.documents.documents import job_document
from api.documents.examples import JOB, answered
from api.paging import place_cursor, place_of
from api.parts import Cursor, JobId, Limit, OwnerOf, Parts, PartsOf
from api.problems import Problem, documented
from api.requests.jobs import JobRequest
from api.routes.media import no_media
from api.submitting import submit_upload
from core.errors import InputError
from db.archive.owned import own_job, own_jobs
from db.queue import control
from db.queue.progress import job_progress
from db.records import JobRecord
from db.states import JobState

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

IdempotencyKey = Annotated[
    str | None,
    Header(pattern=r"^[\x21-\x7e]{1,200}$", description="Your word for this request; again, it gets the same job."),
]


@router.get("", responses=documented() | answered({"jobs": [JOB], "next_cursor": None}))
def list_jobs(
    parts: PartsOf,
    owner: OwnerOf,
    state: Annotated[JobState | None, Query(description="Only jobs in this state.")] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> dict[str, Any]:
    """List your jobs, the newest first."""
    with parts.store.reading() as connection:
        found = own_jobs(connection, owner, after=place_of(cursor), limit=limit + 1, state=state)
        documents = [job_document(job_progress(connection, job.id)) for job in found[:limit]]
    more = place_cursor(found[limit - 1].created_at, found[limit - 1].id) if len(found) > limit else None
    return {"jobs": documents, "next_cursor": more}


@router.get("/{job_id}", responses=documented() | answered(JOB))
def show_job(parts: PartsOf, owner: OwnerOf, job_id: JobId) -> dict[str, Any]:
    """Tell how far a job is."""
    return progress_document(parts, owner, job_id)


@router.post(
    "", status_code=201, response_class=JSONResponse,
    responses=documented(400, 409, 411, 413) | {200: {"description": "The same was asked before; this is its job."}},
)  # fmt: skip
def submit_job(
    parts: PartsOf, owner: OwnerOf, asked: JobRequest, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """Ask for an analysis of a media that you have uploaded. The same again is the same job."""
    upload = parts.uploads.find(owner, asked.media_id)
    if upload is None:
        raise no_media(asked.media_id)
    submission = submit_upload(parts, owner, upload, asked, token=idempotency_key)
    return JSONResponse(progress_document(parts, owner, submission.job.id), 201 if submission.created else 200)


@router.post("/{job_id}/cancel", responses=documented(409, 411, 413) | answered(JOB))
def cancel_job(parts: PartsOf, owner: OwnerOf, job_id: JobId) -> dict[str, Any]:
    """Give a job up. What is stored stays."""
    with parts.store.writing() as connection:
        job = owned(own_job(connection, owner, job_id), job_id)
        if not control.cancel(connection, job.id):
            raise _is_over(job)
    return progress_document(parts, owner, job_id)


@router.post("/{job_id}/pause", responses=documented(409, 411, 413) | answered(JOB))
def pause_job(parts: PartsOf, owner: OwnerOf, job_id: JobId) -> dict[str, Any]:
    """Let a job rest: chunks in hand are finished, no other is begun."""
    with parts.store.writing() as connection:
        job = owned(own_job(connection, owner, job_id), job_id)
        if not control.pause(connection, job.id):
            raise _is_over(job)
    return progress_document(parts, owner, job_id)


@router.post("/{job_id}/resume", responses=documented(409, 411, 413) | answered(JOB))
def resume_job(parts: PartsOf, owner: OwnerOf, job_id: JobId) -> dict[str, Any]:
    """Let a paused job go on, or try the failed chunks of one that ended with errors again."""
    with parts.store.writing() as connection:
        job = owned(own_job(connection, owner, job_id), job_id)
        try:
            control.resume(connection, job.id)
        except InputError as error:
            raise _is_over(job) from error
    return progress_document(parts, owner, job_id)


def progress_document(parts: Parts, owner: str, job_id: str) -> dict[str, Any]:
    """Return how far an owner's job is. Raises Problem where it is not there, or another's."""
    with parts.store.reading() as connection:
        job = owned(own_job(connection, owner, job_id), job_id)
        return job_document(job_progress(connection, job.id))


def owned(job: JobRecord | None, job_id: str) -> JobRecord:
    """Return the job. Raises Problem where it is not there, or another's: the same."""
    if job is None:
        raise Problem(404, "NO_SUCH_JOB", f"you have no job {job_id}: GET /v1/jobs lists what you have")
    return job


def _is_over(job: JobRecord) -> Problem:
    return Problem(409, "JOB_IS_OVER", f"job {job.id} is {job.state} already: submit its media again for another")
