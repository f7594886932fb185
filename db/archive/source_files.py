"""Where a media's file lies: found, and proved to be what was submitted. Opens no video."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from core.errors import MoodlineError
from db.records import MediaRecord


class SourceFault(StrEnum):
    """What can be wrong with a source."""

    MISSING = "SOURCE_MISSING"
    CHANGED = "SOURCE_CHANGED"
    FRAGMENT_GONE = "FRAGMENT_GONE"  # it lay in Redis for longer than it is kept, or Redis was emptied
    FRAGMENT_CHANGED = "FRAGMENT_CHANGED"  # somebody else wrote in its place
    UNREADABLE = "SOURCE_UNREADABLE"  # it opened when it was submitted, and does not open for this worker


class SourceUnusable(MoodlineError):
    """The source of a job is gone, or is no longer what was submitted: nothing of it may be mixed with earlier rows."""

    def __init__(self, code: SourceFault, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """A file as it was at one moment."""

    size_bytes: int
    modified_ns: int


#: So many files' digests are remembered by a process that finds their times changed.
_MAX_KNOWN: Final = 256


class SourceFinder:
    """Finds sources. Hashes a file again only where its time of change is not the one that was submitted."""

    def __init__(self) -> None:
        self._known: dict[tuple[Path, _Seen], str] = {}  # SHA-256

    def find(self, media: MediaRecord) -> Path:
        """Return the path of a media's file. Raises SourceUnusable."""
        path = Path(media.path)
        seen = _look_at(path)
        as_submitted = seen.size_bytes == media.size_bytes and (
            seen.modified_ns == media.modified_ns or self._digest(path, seen) == media.sha256
        )
        if not as_submitted:
            raise SourceUnusable(
                SourceFault.CHANGED,
                f"{path}: the file is not the one that was submitted; put that one back and resume the job, "
                "or submit the new one",
            )
        return path

    def _digest(self, path: Path, seen: _Seen) -> str:
        key = (path, seen)
        if key not in self._known:
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            try:
                with path.open("rb") as file:
                    self._known[key] = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError as error:
                raise _missing(path, error) from error
        return self._known[key]


def _look_at(path: Path) -> _Seen:
    try:
        status = path.stat()
    except OSError as error:
        raise _missing(path, error) from error
    return _Seen(size_bytes=status.st_size, modified_ns=status.st_mtime_ns)


def _missing(path: Path, error: OSError) -> SourceUnusable:
    return SourceUnusable(
        SourceFault.MISSING,
        f"{path}: the file cannot be read here ({error.strerror}); put it back, or mount it in the worker, "
        "and resume the job",
    )
