"""What has to go outside of the store when rows went: fetched and uploaded videos, exports, fragments in Redis."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import EnvironmentFault

if TYPE_CHECKING:
    from db.erasure import Erasure, RemovedMedia, WrittenFile


@dataclass(kw_only=True)
class Elsewhere:
    """What was done outside of the store; no line but `originals` names a file."""

    removed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)  # with the reason
    originals: list[str] = field(default_factory=list)  # videos that were analysed where they lie: not ours to remove


def remove_elsewhere(
    gone: "Erasure | RemovedMedia", *, media_paths: Sequence[str], files: "Sequence[WrittenFile]"
) -> Elsewhere:
    """Remove fetched and uploaded videos, files that still are what was written, fragments, messages in queues."""
    from api.kept_files import copies_of
    from core.settings import load_settings
    from db.erasure import sha256_of

    found = Elsewhere()
    fetched = load_settings().fetch_dir.absolute()
    uploads = load_settings().uploads_dir.absolute()
    for path in map(Path, media_paths):
        if not path.is_file():
            continue
        if path.is_relative_to(fetched):
            _unlink(path, "a fetched video", found)
        elif path.is_relative_to(uploads) and (copies := copies_of(uploads, path.stem)):
            for copy in copies:
                _unlink(copy, "an uploaded video" if copy.suffix != ".json" else "what it was called", found)
        else:
            found.originals.append(str(path))
    for written in files:
        path = Path(written.path)
        if path.is_file() and sha256_of(path) == written.sha256:
            _unlink(path, "an export", found)
        elif path.is_file():
            found.left.append("an export that was changed after it was written")
    if gone.fragment_keys:
        _forget_fragments(gone.fragment_keys, found)
    if gone.rung_job_ids:
        _forget_messages(gone.rung_job_ids, found)
    return found


def _unlink(path: Path, what: str, found: Elsewhere) -> None:
    try:
        path.unlink()
    except OSError as error:
        found.left.append(f"{what}: {error.strerror}")
    else:
        found.removed.append(what)


def _forget_fragments(keys: Sequence[str], found: Elsewhere) -> None:
    from core.settings import load_settings
    from video.fragment_store import open_fragment_store
    from video.limits import MediaLimits

    settings = load_settings()
    try:
        fragments = open_fragment_store(settings.fragments_url or settings.broker_url, limits=MediaLimits())
        for key in keys:
            fragments.delete(key)
    except EnvironmentFault as error:
        found.left.append(f"{len(keys)} fragments in Redis, which expire by themselves: {error}")
    else:
        found.removed.append(f"{len(keys)} fragments")


def _forget_messages(job_ids: Sequence[str], found: Elsewhere) -> None:
    from core.settings import load_settings
    from worker.doorbell import CeleryDoorbell

    doorbell = CeleryDoorbell(load_settings().broker_url)
    try:
        if num_forgotten := doorbell.forget(set(job_ids)):
            found.removed.append(f"{num_forgotten} messages")
    except EnvironmentFault as error:
        found.left.append(f"messages in Redis, which a worker drops when it comes to them: {error}")
    finally:
        doorbell.close()
