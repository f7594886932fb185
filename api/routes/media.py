"""Media: listed and told of; which job's rows speak for one. Reads only."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query

from api.documents.documents import media_document, upload_document
from api.documents.examples import MEDIA, answered
from api.paging import place_cursor, place_of
from api.parts import Cursor, Limit, MediaId, OwnerOf, Parts, PartsOf
from api.problems import Problem, documented
from core.time_widths import parse_bin
from db.archive.owned import own_media, own_media_page
from db.records import JobRecord

router = APIRouter(prefix="/v1/media", tags=["media"])

MAX_BIN_US: Final = 24 * 3600 * 1_000_000

BinText = Annotated[str, Query(alias="bin", max_length=20, description="0.1s, 500ms, 2m, whole", examples=["1s"])]


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
