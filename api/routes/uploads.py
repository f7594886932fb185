"""Uploading a video: its bytes are the request's body, taken as they come."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse

from api.documents import upload_document
from api.parts import OwnerOf, PartsOf
from api.problems import Problem, documented

router = APIRouter(prefix="/v1/media", tags=["media"])

#: A client that sends nothing for so long has gone; one that only drips must not hold a place for hours.
_IDLE_SECONDS: Final = 60.0
_MIN_BYTES_PER_SECOND: Final = 16_000

#: Blocks are gathered to this size before they are written.
_BLOCK_BYTES: Final = 2**20

_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_TAKEN: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "You have uploaded the same bytes before."},
    201: {"description": "Taken."},
}


@router.post(
    "", status_code=201, responses=documented(408, 413, 429, 507) | _TAKEN, openapi_extra=_BODY,
    response_class=JSONResponse,
)  # fmt: skip
async def upload(
    request: Request,
    parts: PartsOf,
    owner: OwnerOf,
    name: Annotated[str, Query(max_length=1000, description="The file's name, for people.")] = "video",
) -> JSONResponse:
    """Take a video file. It is probed before it is kept: what is no video is refused, by name."""
    incoming = await run_in_threadpool(parts.uploads.begin, owner, name, declared_bytes=_declared_bytes(request))
    try:
        async for block in _blocks(request):
            await run_in_threadpool(parts.uploads.write, incoming, block)
        kept, is_new = await run_in_threadpool(parts.uploads.keep, incoming)
    finally:
        await asyncio.shield(run_in_threadpool(parts.uploads.end, incoming))
    return JSONResponse(upload_document(kept), 201 if is_new else 200)


def _declared_bytes(request: Request) -> int | None:
    text = request.headers.get("content-length")
    return int(text[:20]) if text is not None and text.isdecimal() else None


async def _blocks(request: Request) -> AsyncIterator[bytes]:
    """Yield the body in blocks. Raises Problem where the client falls silent or goes."""
    held, num_bytes, began_at = bytearray(), 0, time.monotonic()
    stream = aiter(request.stream())
    try:
        while True:
            piece = await asyncio.wait_for(anext(stream, None), _IDLE_SECONDS)
            if piece is None:
                break
            num_bytes += len(piece)
            if time.monotonic() - began_at > _IDLE_SECONDS + num_bytes / _MIN_BYTES_PER_SECOND:
                raise TimeoutError
            held += piece
            if len(held) >= _BLOCK_BYTES:
                yield bytes(held)
                held.clear()
    except (TimeoutError, ClientDisconnect) as error:
        raise Problem(408, "UPLOAD_BROKEN_OFF", "the body did not come whole: send the file again") from error
    yield bytes(held)
