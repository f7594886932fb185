"""A media's sampled frames with their faces, page by page or from when until when. Reads only."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse

from api.documents.documents import analysed_document
from api.documents.examples import FRAMES, answered
from api.paging import cursor_of, read_cursor
from api.parts import Cursor, MediaId, OwnerOf, PartsOf
from api.problems import documented
from api.requests.time_ranges import FromSeconds, UntilSeconds, span_of
from api.routes.media import readable_job
from core.documents import NOTICE, frame_document
from db.timelines.analysed import analysed
from db.timelines.frame_pages import frames_page

router = APIRouter(prefix="/v1/media", tags=["media"])


@router.get("/{media_id}/frames", responses=documented() | answered(FRAMES), response_class=JSONResponse)
def show_frames(
    parts: PartsOf,
    owner: OwnerOf,
    media_id: MediaId,
    from_seconds: FromSeconds = None,
    until_seconds: UntilSeconds = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=2000, description="How many frames at most.")] = 100,
) -> JSONResponse:
    """Tell of the sampled frames of a stretch, or of all, with their faces, in order of time.

    While the job runs: of those that are stored so far, and `not_yet` says which stretches are to come.
    """
    is_all = (from_seconds, until_seconds) == (None, None)
    span = None if is_all else span_of(from_seconds, until_seconds)
    from_index = 0 if cursor is None else max(0, read_cursor(cursor, int)[0])
    job = readable_job(parts, owner, media_id)
    with parts.store.reading() as connection:
        there = analysed(connection, job)
        found = frames_page(connection, job.id, from_index=from_index, limit=limit + 1, span=span)
    document: dict[str, Any] = {
        "media_id": media_id,
        "job_id": job.id,
        "model_version": job.model_version_id,
        **analysed_document(job, there),
        "notice": NOTICE,
        "frames": [frame_document(frame) for frame in found[:limit]],
        "next_cursor": cursor_of(found[limit].frame_index) if len(found) > limit else None,
    }
    return JSONResponse(document)  # as it is: the framework would look at each of its values first
