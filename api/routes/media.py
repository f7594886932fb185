"""Media: listed, told of, their timelines and frames. Reads only."""

from itertools import islice
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query

from api.documents import media_document, upload_document
from api.examples import FRAMES, MEDIA, TIMELINE, answered
from api.paging import cursor_of, place_cursor, place_of, read_cursor
from api.parts import Cursor, Limit, MediaId, OwnerOf, Parts, PartsOf
from api.problems import Problem, documented
from core.documents import NOTICE, frame_document, timeline_document
from core.time_widths import parse_bin
from db.observations import stream_frames
from db.owned import own_media, own_media_page
from db.records import JobRecord
from db.timelines import timeline, timeline_page

router = APIRouter(prefix="/v1/media", tags=["media"])

#: The longest stretch that one question may be about: more than any media is long.
MAX_RANGE_SECONDS: Final = 24 * 3600.0
MAX_BIN_US: Final = 24 * 3600 * 1_000_000
_FAR_SECONDS: Final = 1e9

BinText = Annotated[str, Query(alias="bin", max_length=20, description="0.1s, 500ms, 2m, whole", examples=["1s"])]
_Seconds = Query(ge=-_FAR_SECONDS, le=_FAR_SECONDS, allow_inf_nan=False)


@router.get("", responses=documented() | answered({"media": [MEDIA], "next_cursor": None}))
def list_media(parts: PartsOf, owner: OwnerOf, cursor: Cursor = None, limit: Limit = 100) -> dict[str, Any]:
    """List your media of which a job was asked, the newest first."""
    with parts.store.reading() as connection:
        found = own_media_page(connection, owner, after=place_of(cursor), limit=limit + 1)
    page = found[:limit]
    documents = [media_document(each, parts.uploads.find(owner, each.media.id), owner=owner) for each in page]
    more = place_cursor(page[-1].media.created_at, page[-1].media.id) if len(found) > limit else None
    return {"media": documents, "next_cursor": more}


@router.get("/{media_id}", responses=documented() | answered(MEDIA))
def show_media(parts: PartsOf, owner: OwnerOf, media_id: MediaId) -> dict[str, Any]:
    """Tell of a media: what it is, and the job whose rows you read."""
    upload = parts.uploads.find(owner, media_id)
    with parts.store.reading() as connection:
        summary = own_media(connection, owner, media_id)
    if summary is not None:
        return media_document(summary, upload, owner=owner)
    if upload is None:
        raise no_media(media_id)
    return upload_document(upload)


@router.get("/{media_id}/timeline", responses=documented() | answered(TIMELINE))
def show_timeline(
    parts: PartsOf,
    owner: OwnerOf,
    media_id: MediaId,
    bin_text: BinText = "1s",
    from_seconds: Annotated[float | None, Query(alias="from"), _Seconds] = None,
    until_seconds: Annotated[float | None, Query(alias="until"), _Seconds] = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=5000, description="How many points at most.")] = 1000,
) -> dict[str, Any]:
    """Tell what the faces of a media appeared to show, binned by presentation time; gaps are points without values."""
    bin_us = read_bin(bin_text)
    begin = -_FAR_SECONDS if from_seconds is None else from_seconds
    end = _FAR_SECONDS if until_seconds is None else until_seconds
    _refuse_wide(from_seconds, until_seconds)
    if bin_us is None and (from_seconds, until_seconds, cursor) != (None, None, None):
        raise Problem(422, "RANGE_OF_WHOLE", "bin=whole is about the whole media: leave from, until and cursor out")
    from_us = round(begin * 1e6) if cursor is None else read_cursor(cursor, int)[0]
    job = readable_job(parts, owner, media_id)
    with parts.store.reading() as connection:
        if bin_us is None:
            return timeline_document(timeline(connection, job.id, bin_us=None)) | {"next_cursor": None}
        asked_us = (from_us, round(end * 1e6))
        page = timeline_page(connection, job.id, bin_us=bin_us, asked_us=asked_us, max_points=limit)
    more = None if page.next_us is None else cursor_of(page.next_us)
    return timeline_document(page.timeline) | {"next_cursor": more}


@router.get("/{media_id}/frames", responses=documented() | answered(FRAMES))
def show_frames(
    parts: PartsOf, owner: OwnerOf, media_id: MediaId, cursor: Cursor = None, limit: Limit = 100
) -> dict[str, Any]:
    """Tell of every sampled frame with its faces, in order of time."""
    from_index = 0 if cursor is None else read_cursor(cursor, int)[0]
    job = readable_job(parts, owner, media_id)
    with parts.store.reading() as connection:
        found = list(islice(stream_frames(connection, job.id, from_index=from_index), limit + 1))
    return {
        "media_id": media_id,
        "job_id": job.id,
        "model_version": job.model_version_id,
        "notice": NOTICE,
        "frames": [frame_document(frame) for frame in found[:limit]],
        "next_cursor": cursor_of(found[limit].frame_index) if len(found) > limit else None,
    }


def readable_job(parts: Parts, owner: str, media_id: str) -> JobRecord:
    """Return the job that speaks for a media to its owner. Raises Problem where there is none."""
    with parts.store.reading() as connection:
        summary = own_media(connection, owner, media_id)
    if summary is not None and summary.job is not None:
        return summary.job
    if parts.uploads.find(owner, media_id) is not None:
        raise Problem(404, "NOTHING_TO_READ", f"media {media_id} was not analysed yet: POST /v1/jobs asks for it")
    raise no_media(media_id)


def no_media(media_id: str) -> Problem:
    """Return what is said of a media that is not there, or is another's: the same."""
    return Problem(404, "NO_SUCH_MEDIA", f"you have no media {media_id}: GET /v1/media lists what you have")


def read_bin(text: str) -> int | None:
    """Return a bin's width in microseconds. Raises Problem where it is wider than any media."""
    bin_us = parse_bin(text)
    if bin_us is not None and bin_us > MAX_BIN_US:
        raise Problem(422, "BIN_TOO_WIDE", f"bin={text}: 24h at most, or whole")
    return bin_us


def _refuse_wide(from_seconds: float | None, until_seconds: float | None) -> None:
    if from_seconds is None or until_seconds is None:
        return
    if until_seconds <= from_seconds:
        raise Problem(422, "RANGE_EMPTY", f"until={until_seconds:g} is not after from={from_seconds:g}")
    if until_seconds - from_seconds > MAX_RANGE_SECONDS:
        raise Problem(
            422,
            "RANGE_TOO_LARGE",
            f"from={from_seconds:g} until={until_seconds:g}: {MAX_RANGE_SECONDS:,.0f} s at most; "
            "leave both out for the whole media, page by page",
        )
