"""What went wrong in a job, span by span: which frames are missing, and why."""

import re
from typing import Any, Final

from fastapi import APIRouter

from api.parts import JobId, OwnerOf, PartsOf
from api.problems import documented
from api.routes.jobs import owned
from db.archive.media import get_media
from db.archive.owned import own_job
from db.jobs import chunk_problems

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

#: A place on the server's disk, wherever it stands in a message.
_PATH: Final = re.compile(r"(?<![\w./])/(?:[^\s/:'\"<>]+/)+[^\s:'\"<>,;)]*")

#: A user and password before a host, wherever an address stands in a message.
_USERINFO: Final = re.compile(r"(?<=://)[^\s'\"<>]*@")


@router.get("/{job_id}/errors", responses=documented())
def show_errors(parts: PartsOf, owner: OwnerOf, job_id: JobId) -> dict[str, Any]:
    """List the spans of a job whose rows are missing or incomplete, in order of time, with what is known of each."""
    with parts.store.reading() as connection:
        job = owned(own_job(connection, owner, job_id), job_id)
        path = get_media(connection, job.media_id).path
        problems = chunk_problems(connection, job.id)
    return {
        "job_id": job.id,
        "state": job.state.value,
        "errors": [
            {
                "chunk_index": each.span.chunk_index,
                "start_seconds": each.span.start_us / 1e6,
                "end_seconds": each.span.end_us / 1e6,
                "state": each.state.value,
                "code": each.fault.code,
                "message": without_paths(each.fault.message, path),
            }
            for each in problems
        ],
    }


def without_paths(message: str, path: str) -> str:
    """Return a message without the media's path, or whatever else looks like a place on a disk or like a password."""
    told = _USERINFO.sub("…@", message)
    return _PATH.sub("a file", told.replace(path, "the file") if path else told)
