"""The faces of a single picture, read while one waits. Nothing is kept."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool

from api.documents.examples import PICTURE, answered
from api.files.bodies import blocks_of
from api.gate import MAX_PICTURE_BYTES
from api.parts import OwnerOf, PartsOf
from api.problems import Problem, documented
from core.documents import NOTICE
from worker.pictures.reading import PicturesBusy

router = APIRouter(prefix="/v1/pictures", tags=["pictures"])

_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post("", responses=documented(408, 411, 413, 429) | answered(PICTURE), openapi_extra=_BODY)
async def read_picture(
    request: Request,
    parts: PartsOf,
    _owner: OwnerOf,
    min_face: Annotated[int, Query(ge=20, le=2000, description="Smallest face height to look for, pixels.")] = 40,
) -> dict[str, Any]:
    """Tell what the faces of a picture appear to show, the largest first. JPEG, PNG, WebP, BMP, TIFF; not kept."""
    if parts.pictures is None:
        raise Problem(503, "NO_PICTURES_HERE", "this server reads no pictures: its machine lacks moodline[worker]")
    content = bytearray()
    async for piece in blocks_of(request):
        content += piece
        if len(content) > MAX_PICTURE_BYTES:  # a body may be longer than it says
            raise Problem(413, "PICTURE_TOO_LARGE", f"a picture of at most {MAX_PICTURE_BYTES:,} bytes is read")
    try:
        found = await run_in_threadpool(parts.pictures.read, bytes(content), min_face_px=min_face)
    except PicturesBusy as error:
        raise Problem(429, "PICTURES_BUSY", str(error), headers={"Retry-After": "1"}) from error
    return {
        "model_version": found.model_version,
        "width_px": found.width_px,
        "height_px": found.height_px,
        "notice": NOTICE,
        "faces": list(found.faces),
    }
