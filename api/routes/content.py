"""A media's own file, whole or in ranges, as a page's <video> asks for it."""

from collections.abc import Iterator
from typing import IO, Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Header
from starlette.responses import Response, StreamingResponse

from api.files.containers import NUM_BYTES, media_type_of
from api.files.ranges import ByteRange, Unsatisfiable, asked_range
from api.originals import Original, find_original, gone
from api.parts import MediaId, OwnerOf, Parts, PartsOf
from api.problems import Problem, documented
from api.routes.media import no_media

router = APIRouter(prefix="/v1/media", tags=["media"])

_BLOCK_BYTES: Final = 256 * 1024

_BYTES: Final = {"schema": {"type": "string", "format": "binary"}}
_FILE: Final[dict[str, Any]] = {"video/*": _BYTES, "application/octet-stream": _BYTES}
_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The file.", "content": _FILE},
    206: {"description": "The bytes that `Range` asked for.", "content": _FILE},
    304: {"description": "The file is the one whose ETag came with If-None-Match."},
}

_Text = Annotated[str | None, Header(max_length=500)]


@router.get("/{media_id}/content", responses=documented(410, 416) | _ANSWERS, response_class=StreamingResponse)
def give_content(
    parts: PartsOf,
    owner: OwnerOf,
    media_id: MediaId,
    range: _Text = None,  # noqa: A002 - the header's own name
    if_range: _Text = None,
    if_none_match: _Text = None,
) -> Response:
    """Give a media's file, or the one range of it that `Range` names. 410: it is gone or changed; 404: a camera's."""
    found = _find(parts, owner, media_id)
    file, headers, num_bytes = _open(found, media_id)
    if _is_held(if_none_match, headers["ETag"]):
        file.close()
        return Response(status_code=304, headers=headers)
    if if_range is not None and if_range.strip() != headers["ETag"]:
        range = None  # noqa: A001
    try:
        asked = asked_range(range, num_bytes)
    except Unsatisfiable:
        file.close()
        raise Problem(
            416, "RANGE_BEYOND", f"the file has {num_bytes:,} bytes", headers={"Content-Range": f"bytes */{num_bytes}"}
        ) from None
    sent = asked or ByteRange(start=0, end=num_bytes)
    headers["Content-Length"] = str(sent.num_bytes)
    if asked is not None:
        headers["Content-Range"] = f"bytes {asked.start}-{asked.end - 1}/{num_bytes}"
    return StreamingResponse(_blocks(file, sent), 200 if asked is None else 206, headers)


@router.head("/{media_id}/content", responses=documented(410) | {200: _ANSWERS[200]}, response_class=StreamingResponse)
def tell_of_content(parts: PartsOf, owner: OwnerOf, media_id: MediaId) -> Response:
    """Tell a media's file's size, type and ETag."""
    file, headers, num_bytes = _open(_find(parts, owner, media_id), media_id)
    file.close()
    return Response(headers=headers | {"Content-Length": str(num_bytes)})


def _find(parts: Parts, owner: str, media_id: str) -> Original:
    found = find_original(parts, owner, media_id)
    if found is None:
        raise no_media(media_id)
    return found


def _open(found: Original, media_id: str) -> tuple[IO[bytes], dict[str, str], int]:
    """Return the open file, what is said of it, and its size in bytes."""
    try:
        file = found.path.open("rb")
    except OSError as error:
        raise gone(media_id) from error
    num_bytes = file.seek(0, 2)
    file.seek(0)
    headers = {
        "Content-Type": media_type_of(file.read(NUM_BYTES)),
        "Content-Disposition": f"inline; filename*=utf-8''{quote(found.name, safe='')}",
        "Accept-Ranges": "bytes",
        "ETag": f'"{found.sha256}"',
        "Cache-Control": "private, max-age=3600",
    }
    return file, headers, num_bytes


def _is_held(if_none_match: str | None, etag: str) -> bool:
    held = [] if if_none_match is None else [each.strip().removeprefix("W/") for each in if_none_match.split(",")]
    return etag in held or held == ["*"]


def _blocks(file: IO[bytes], sent: ByteRange) -> Iterator[bytes]:
    with file:
        file.seek(sent.start)
        left = sent.num_bytes
        while left and (block := file.read(min(left, _BLOCK_BYTES))):
            left -= len(block)
            yield block
