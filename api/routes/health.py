"""Is the server here, and can it answer? Open to all: tells nothing of anybody."""

from fastapi import APIRouter

from api.parts import PartsOf
from api.problems import documented
from db.archive.owned import own_jobs

router = APIRouter(prefix="/v1", tags=["health"])


@router.get("/health", responses={})
def health() -> dict[str, str]:
    """Say that the process runs."""
    return {"status": "ok"}


@router.get("/ready", responses={503: documented()[503]})
def ready(parts: PartsOf) -> dict[str, str]:
    """Say that the store can be read; 503 where it cannot."""
    with parts.store.reading() as connection:
        own_jobs(connection, "", after=None, limit=1)
    return {"status": "ready"}
