"""Uploading a video: its bytes are the request's body, taken as they come."""

import asyncio
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from api.documents.documents import upload_document
from api.files.bodies import blocks_of, declared_bytes
from api.parts import OwnerOf, PartsOf
from api.problems import documented

router = APIRouter(prefix="/v1/media", tags=["media"])

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
    incoming = await run_in_threadpool(parts.uploads.begin, owner, name, declared_bytes=declared_bytes(request))
    try:
        async for block in blocks_of(request):
            await run_in_threadpool(parts.uploads.write, incoming, block)
        kept, is_new = await run_in_threadpool(parts.uploads.keep, incoming)
    finally:
        await asyncio.shield(run_in_threadpool(parts.uploads.end, incoming))
    return JSONResponse(upload_document(kept), 201 if is_new else 200)
