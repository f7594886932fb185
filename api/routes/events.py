"""A job's progress as it changes: server-sent events."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any, Final

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from api.parts import JobId, OwnerOf, PartsOf
from api.problems import documented
from api.routes.jobs import progress_document

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

_LOOK_SECONDS: Final = 0.5

#: Something is said at least so often, so that a proxy keeps the line open and a client that has gone is noticed.
_SILENCE_SECONDS: Final = 15.0

_EVENT: Final = {
    "type": "object",
    "properties": {"event": {"enum": ["progress", "over"]}, "data": {"type": "string", "description": "the job, JSON"}},
}

_STREAM: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "An event `progress` at each change, `over` at the end; its data is the job.",
        "content": {"text/event-stream": {"schema": _EVENT}},
    }
}


@router.get("/{job_id}/events", responses=documented() | _STREAM, response_class=StreamingResponse)
async def watch_job(parts: PartsOf, owner: OwnerOf, job_id: JobId) -> StreamingResponse:
    """Tell how far a job is, again whenever that changes, until it is over or ten minutes have passed."""
    first = await run_in_threadpool(progress_document, parts, owner, job_id)

    async def events() -> AsyncIterator[str]:
        document, ends_at = first, time.monotonic() + parts.settings.watch_seconds
        yield _event(document)
        said, said_at = _changes(document), time.monotonic()
        while document["finished_at"] is None and time.monotonic() < ends_at:
            await asyncio.sleep(_LOOK_SECONDS)
            document = await run_in_threadpool(progress_document, parts, owner, job_id)
            if _changes(document) != said:
                said, said_at = _changes(document), time.monotonic()
                yield _event(document)
            elif time.monotonic() - said_at > _SILENCE_SECONDS:
                said_at = time.monotonic()
                yield ": still here\n\n"

    return StreamingResponse(events(), media_type="text/event-stream")


def _changes(document: dict[str, Any]) -> tuple[Any, ...]:
    """What is worth an event; frames a second change all the time."""
    return tuple(document[name] for name in ("state", "is_paused", "num_chunks_by_state", "num_frames"))


def _event(document: dict[str, Any]) -> str:
    kind = "progress" if document["finished_at"] is None else "over"
    return f"event: {kind}\ndata: {json.dumps(document)}\n\n"
