"""Uploads that can be resumed: tus 1.0.0 (creation, termination, expiration), for files of gigabytes over bad lines."""

import asyncio
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Request
from fastapi import Path as InPath
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.files import tus
from api.files.bodies import blocks_of, declared_bytes
from api.files.resumable import Unfinished
from api.files.uploads import UploadLimits
from api.parts import OwnerOf, PartsOf
from api.problems import Problem, documented

router = APIRouter(prefix="/v1/uploads", tags=["uploads"])

#: What the upload has become.
MEDIA_HEADER: Final = "Moodline-Media-Id"

UploadId = Annotated[str, InPath(pattern=r"^[0-9a-f]{32}$", description="Of the Location that POST answered.")]
_Short = Header(max_length=100)
Version = Annotated[str | None, Header(alias="Tus-Resumable", max_length=100, description="1.0.0")]

_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {tus.MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}
_BEGUN: Final[dict[int | str, dict[str, Any]]] = {201: {"description": "Begun; `Location` is where to PATCH."}}
_ADDED: Final[dict[int | str, dict[str, Any]]] = {
    204: {"description": f"Added. After the last byte `{MEDIA_HEADER}` says which media it is."}
}
_TOLD: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": f"`Upload-Offset` says how much is there; of one that is over, `{MEDIA_HEADER}` what it is."}
}
_GONE: Final[dict[int | str, dict[str, Any]]] = {204: {"description": "Removed. A media that it has become stays."}}
_ABLE: Final[dict[int | str, dict[str, Any]]] = {204: {"description": "What this server knows of tus."}}


@router.options("", status_code=204, responses=documented(411, 413) | _ABLE, response_class=Response)
def tell_of_tus(parts: PartsOf, _owner: OwnerOf) -> Response:
    """Tell version, extensions and the largest file."""
    limits: UploadLimits = parts.uploads.limits
    headers = {"Tus-Version": tus.VERSION, "Tus-Extension": tus.EXTENSIONS, "Tus-Max-Size": str(limits.max_bytes)}
    return Response(status_code=204, headers=tus.HEADERS | headers)


@router.post(
    "", status_code=201, responses=documented(400, 411, 412, 413, 429, 507) | _BEGUN, response_class=Response
)  # fmt: skip
def begin_upload(
    parts: PartsOf,
    owner: OwnerOf,
    tus_resumable: Version = None,
    upload_length: Annotated[str | None, _Short] = None,
    upload_metadata: Annotated[
        str | None, Header(max_length=4000, description="`filename` and its value in base64, as tus has it.")
    ] = None,
) -> Response:
    """Begin an upload of `Upload-Length` bytes. One to which nothing is added for a day is removed."""
    tus.check_version(tus_resumable)
    num_bytes = tus.read_number("Upload-Length", upload_length)
    if num_bytes == 0:
        raise Problem(422, "NOT_A_USABLE_VIDEO", "an empty file is no video", headers=tus.HEADERS)
    found = parts.resumable.create(owner, tus.read_file_name(upload_metadata), num_bytes, upload_metadata)
    headers = {"Location": f"/v1/uploads/{found.id}", "Upload-Offset": "0"}
    return Response(status_code=201, headers=tus.HEADERS | headers | tus.expires(found.expires_at))


@router.head("/{upload_id}", responses=documented(412, 423, 429) | _TOLD, response_class=Response)
def tell_of_upload(parts: PartsOf, owner: OwnerOf, upload_id: UploadId, tus_resumable: Version = None) -> Response:
    """Tell how much of an upload is there. One that came whole, but was not probed as the server was killed, is now."""
    found = parts.resumable.find(owner, upload_id)
    tus.check_version(tus_resumable)
    if found.is_whole and found.media_id is None:
        piece = parts.resumable.hold(owner, upload_id)
        try:
            parts.resumable.keep_if_whole(owner, piece)
        finally:
            parts.resumable.free(piece)
        found = parts.resumable.find(owner, upload_id)
    headers = _headers(found) | {"Upload-Length": str(found.num_bytes), "Cache-Control": "no-store"}
    if found.metadata is not None:
        headers["Upload-Metadata"] = found.metadata
    return Response(headers=headers)


@router.patch(
    "/{upload_id}", status_code=204, openapi_extra=_BODY, response_class=Response,
    responses=documented(400, 408, 409, 412, 413, 415, 423, 429, 507) | _ADDED,
)  # fmt: skip
async def add_to_upload(
    request: Request,
    parts: PartsOf,
    owner: OwnerOf,
    upload_id: UploadId,
    tus_resumable: Version = None,
    upload_offset: Annotated[str | None, _Short] = None,
) -> Response:
    """Add the body's bytes at `Upload-Offset`, which must be where the upload ends. What came of a body stays.

    The last byte's answer comes when the file was probed and kept; what is no video is refused and removed.
    """
    await run_in_threadpool(parts.resumable.find, owner, upload_id)
    tus.check_version(tus_resumable)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != tus.MEDIA_TYPE:
        raise Problem(415, "WRONG_MEDIA_TYPE", f"say Content-Type: {tus.MEDIA_TYPE}", headers=tus.HEADERS)
    offset = tus.read_number("Upload-Offset", upload_offset)
    resumable = parts.resumable
    piece = await run_in_threadpool(resumable.hold, owner, upload_id)
    try:
        if offset != piece.num_bytes:
            raise Problem(
                409,
                "OFFSET_MISMATCH",
                f"{piece.num_bytes:,} bytes are there, not {offset:,}: HEAD tells",
                headers=tus.HEADERS,
            )
        if offset + (declared_bytes(request) or 0) > piece.upload.num_bytes:
            raise Problem(413, "UPLOAD_TOO_LONG", f"this upload has {piece.upload.num_bytes:,} bytes, and no more")
        async for block in blocks_of(request):
            await run_in_threadpool(resumable.write, piece, block)
        await run_in_threadpool(resumable.keep_if_whole, owner, piece)
    finally:
        await asyncio.shield(run_in_threadpool(resumable.free, piece))
    found = await run_in_threadpool(resumable.find, owner, upload_id)
    return Response(status_code=204, headers=_headers(found))


@router.delete("/{upload_id}", status_code=204, responses=documented(411, 412, 413, 423, 429) | _GONE)
def remove_upload(parts: PartsOf, owner: OwnerOf, upload_id: UploadId, tus_resumable: Version = None) -> Response:
    """Give an upload up: what came of it is removed."""
    parts.resumable.find(owner, upload_id)
    tus.check_version(tus_resumable)
    piece = parts.resumable.hold(owner, upload_id)
    try:
        parts.resumable.remove(piece)
    finally:
        parts.resumable.free(piece)
    return Response(status_code=204, headers=tus.HEADERS)


def _headers(found: Unfinished) -> dict[str, str]:
    headers = tus.HEADERS | {"Upload-Offset": str(found.offset_bytes)} | tus.expires(found.expires_at)
    return headers if found.media_id is None else headers | {MEDIA_HEADER: found.media_id}
