"""Where a media's file lies for its owner: its upload, or for `local` what a command analysed, if it still is that."""

from dataclasses import dataclass
from pathlib import Path

from api.parts import Parts
from api.problems import Problem
from db.archive.owned import LOCAL_OWNER, own_media
from db.archive.source_files import SourceUnusable
from db.states import MediaKind


@dataclass(frozen=True, kw_only=True)
class Original:
    """A media's own file."""

    path: Path  # never told
    name: str  # for people
    sha256: str


def find_original(parts: Parts, owner: str, media_id: str) -> Original | None:
    """Return an owner's media's file; None: the owner has no such media. Raises Problem where no file can be had."""
    upload = parts.uploads.find(owner, media_id)
    if upload is not None:
        return Original(path=upload.path, name=upload.name, sha256=upload.sha256)
    with parts.store.reading() as connection:
        summary = own_media(connection, owner, media_id)
    if summary is None:
        return None
    media = summary.media
    if media.kind is not MediaKind.FILE:
        raise Problem(404, "NO_FILE", f"media {media_id} is of a camera: its pictures were not kept")
    if owner != LOCAL_OWNER:  # its upload was removed; where commands found the same bytes is nobody else's business
        raise gone(media_id)
    try:
        path = parts.sources.find(media)
    except SourceUnusable as error:
        raise gone(media_id) from error
    return Original(path=path, name=path.name, sha256=media.sha256)


def gone(media_id: str) -> Problem:
    """Return what is said where a file is not there any more, or is another now."""
    return Problem(410, "SOURCE_GONE", f"the file of media {media_id} is gone or was changed; its rows are there")
