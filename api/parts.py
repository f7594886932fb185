"""What the routes are given: the store, the uploads, what may be asked; and who asks."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

from fastapi import Depends, Query, Request, Security
from fastapi import Path as InPath
from fastapi.security import HTTPBearer

from api.files.resumable import ResumableUploads
from api.files.uploads import UploadFolder, UploadLimits
from api.paging import MAX_CURSOR_CHARS
from api.pictures import PictureReader
from api.removal import OutsideStore
from api.track_memory import TrackMemory
from db.archive.source_files import SourceFinder
from db.store import Store
from db.timelines.memory import TimelineMemory
from video.limits import MediaLimits


class WorkedBy(StrEnum):
    """Who works off the jobs that the API takes."""

    POOL = "pool"  # workers elsewhere
    RUNNER = "runner"  # a process beside the server


@dataclass(frozen=True, kw_only=True)
class ApiSettings:
    """What an API is made of."""

    db_url: str
    uploads: Path  # the folder for what is uploaded; workers must see it at the same place
    token_file: Path | None = None  # None: loopback only, everybody is the local owner
    model: str = "small"  # that analyses where a request names none
    worked_by: WorkedBy = WorkedBy.POOL
    outside: OutsideStore | None = None  # where an erased person may lie besides store and uploads
    upload_limits: UploadLimits = field(default_factory=UploadLimits)
    watch_seconds: float = 600.0  # how long one stream of events lasts at most; the client asks again


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What routes work with."""

    store: Store
    uploads: UploadFolder
    resumable: ResumableUploads
    media_limits: MediaLimits
    settings: ApiSettings
    pictures: PictureReader | None = None  # None: none are read here
    sources: SourceFinder = field(default_factory=SourceFinder)
    tracks: TrackMemory = field(default_factory=TrackMemory)
    timelines: TimelineMemory = field(default_factory=TimelineMemory)

    @property
    def outside(self) -> OutsideStore:
        """Where something of a person may lie besides the store."""
        return self.settings.outside or OutsideStore(uploads_dir=self.settings.uploads)


def _parts_of(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


_BEARER: Final = HTTPBearer(auto_error=False, description="Made by `moodline token add OWNER`; the gate checks it.")


def _owner_of(request: Request, _credentials: Annotated[object, Security(_BEARER)]) -> str:
    owner: str = request.state.owner
    return owner


PartsOf = Annotated[Parts, Depends(_parts_of)]
OwnerOf = Annotated[str, Depends(_owner_of)]

_ID: Final = r"^[0-9a-f]{16}$"
MediaId = Annotated[str, InPath(pattern=_ID, description="A media's id.", examples=["9f86d081884c7d65"])]
JobId = Annotated[str, InPath(pattern=_ID, description="A job's id.", examples=["60303ae22b998861"])]
SubjectId = Annotated[
    str, InPath(pattern=r"^[^\x00-\x1f\x7f/]{1,200}$", description="A subject's pseudonym.", examples=["S01"])
]
Cursor = Annotated[
    str | None, Query(max_length=MAX_CURSOR_CHARS, description="What the page before said as `next_cursor`.")
]
Limit = Annotated[int, Query(ge=1, le=1000, description="How many at most.")]
