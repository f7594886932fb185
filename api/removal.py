"""What has to go outside of the store when rows went: fetched and uploaded videos, exports, fragments, messages.

Reads no settings and knows no broker: where things lie, and how they are forgotten, is given.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from api.files.kept_files import copies_of
from core.errors import EnvironmentFault
from db.people.erasure import Erasure, RemovedMedia, WrittenFile, sha256_of


@dataclass(frozen=True, kw_only=True)
class OutsideStore:
    """Where something of a person may lie besides the store."""

    uploads_dir: Path
    fetch_dir: Path | None = None  # None: nothing is fetched here
    #: Deletes fragments by key; None: there is no place for any. Raises EnvironmentFault.
    delete_fragments: Callable[[Sequence[str]], None] | None = None
    #: Takes back messages of jobs and returns how many; None: there is no broker. Raises EnvironmentFault.
    forget_messages: Callable[[Collection[str]], int] | None = None


@dataclass(kw_only=True)
class Elsewhere:
    """What was done outside of the store; no line but `originals` names a file."""

    removed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)  # with the reason
    originals: list[str] = field(default_factory=list)  # videos that were analysed where they lie: not ours to remove


def remove_outside(
    gone: Erasure | RemovedMedia, outside: OutsideStore, *, media_paths: Sequence[str], files: Sequence[WrittenFile]
) -> Elsewhere:
    """Remove fetched and uploaded videos, files that still are what was written, fragments, messages in queues."""
    found = Elsewhere()
    fetched = None if outside.fetch_dir is None else outside.fetch_dir.absolute()
    uploads = outside.uploads_dir.absolute()
    for sha256 in gone.sha256:  # and not by its path: the store has the place where it was last seen alone
        for copy in copies_of(uploads, sha256):
            _unlink(copy, "an uploaded video" if copy.suffix != ".json" else "what it was called", found)
        for copy in [] if fetched is None else sorted(fetched.glob(f"{sha256}*")):
            _unlink(copy, "a fetched video", found)
    for path in map(Path, media_paths):
        if not path.is_file():
            continue
        if fetched is not None and path.is_relative_to(fetched):
            _unlink(path, "a fetched video", found)
        else:
            found.originals.append(str(path))
    for written in files:
        path = Path(written.path)
        if path.is_file() and sha256_of(path) == written.sha256:
            _unlink(path, "an export", found)
        elif path.is_file():
            found.left.append("an export that was changed after it was written")
    _forget_fragments(gone.fragment_keys, outside, found)
    _forget_messages(gone.rung_job_ids, outside, found)
    return found


def _unlink(path: Path, what: str, found: Elsewhere) -> None:
    try:
        path.unlink()
    except OSError as error:
        found.left.append(f"{what}: {error.strerror}")
    else:
        found.removed.append(what)


def _forget_fragments(keys: Sequence[str], outside: OutsideStore, found: Elsewhere) -> None:
    if not keys or outside.delete_fragments is None:
        return
    try:
        outside.delete_fragments(keys)
    except EnvironmentFault as error:
        found.left.append(f"{len(keys)} fragments in Redis, which expire by themselves: {error}")
    else:
        found.removed.append(f"{len(keys)} fragments")


def _forget_messages(job_ids: Sequence[str], outside: OutsideStore, found: Elsewhere) -> None:
    if not job_ids or outside.forget_messages is None:
        return
    try:
        if num_forgotten := outside.forget_messages(set(job_ids)):
            found.removed.append(f"{num_forgotten} messages")
    except EnvironmentFault as error:
        found.left.append(f"messages in Redis, which a worker drops when it comes to them: {error}")
