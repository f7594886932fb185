"""Uploaded files: written to quarantine, probed in a child, then kept under their owner by their content.

A file's name is for people: it is never a path. Knows folders and limits; knows no request and no SQL.
"""

import json
import os
import shutil
import tempfile
import threading
import time
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Final

from api.files.kept_files import folder_of, note_in, reserved_bytes
from api.problems import Problem
from core.errors import EnvironmentFault, InputError
from core.media import MediaInfo
from db.identity import media_id
from producer.sources import VIDEO_SUFFIXES
from video.isolation.isolation import probe_isolated
from video.limits import MediaLimits

_READ_ONLY: Final = 0o444
_MAX_NAME_CHARS: Final = 200

#: What a killed server left in quarantine is removed after a day.
_ORPHAN_SECONDS: Final = 24 * 3600


@dataclass(frozen=True, kw_only=True)
class UploadLimits:
    """What uploads may take of this machine."""

    max_bytes: int = 4 * 2**30  # of one file
    quota_bytes: int = 40 * 2**30  # of all files of one owner
    min_free_bytes: int = 2**30  # what must stay free on the disk
    num_at_once: int = 4


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file that an owner has uploaded."""

    media_id: str
    sha256: str
    name: str  # as the client called it: for people only
    path: Path
    size_bytes: int
    duration_seconds: float
    width_px: int
    height_px: int
    codec_name: str
    uploaded_at: datetime  # aware UTC


@dataclass(kw_only=True)
class Incoming:
    """A file while it comes in."""

    owner: str
    name: str
    folder: Path  # its own
    file: IO[bytes]
    num_bytes: int = 0


class UploadFolder:
    """Keeps uploads below one folder. Threads may share it."""

    def __init__(self, root: Path, limits: UploadLimits, media_limits: MediaLimits) -> None:
        self._root = root.absolute()
        self.limits = limits
        self._media_limits = media_limits
        self._slots = threading.BoundedSemaphore(limits.num_at_once)

    def begin(self, owner: str, name: str, *, declared_bytes: int | None) -> Incoming:
        """Open a place for a file. Raises Problem, before a byte is written, where it cannot be taken."""
        if declared_bytes is not None:
            self.refuse_beyond(owner, declared_bytes)
        self.take_place()
        try:
            quarantine = self._root / "quarantine"
            quarantine.mkdir(parents=True, exist_ok=True)
            _remove_orphans(quarantine)
            self.refuse_full_disk(declared_bytes or 0)
            folder = Path(tempfile.mkdtemp(dir=quarantine))
            file = (folder / video_name(name)).open("xb")
            incoming = Incoming(owner=owner, name=shown_name(name), folder=folder, file=file)
        except BaseException as error:
            self.free_place()
            raise named_fault(error) from error
        return incoming

    def take_place(self) -> None:
        """Hold one of the places for what comes in. Raises Problem where all are held."""
        if not self._slots.acquire(blocking=False):
            raise Problem(
                429, "TOO_MANY_UPLOADS", f"{self.limits.num_at_once} uploads are coming in: wait for one to end",
                headers={"Retry-After": "10"},
            )  # fmt: skip

    def free_place(self) -> None:
        """Give a place back."""
        self._slots.release()

    def write(self, incoming: Incoming, block: bytes) -> None:
        """Add to a file. Raises Problem at the first byte beyond what it may have, or that would fill the disk."""
        incoming.num_bytes += len(block)
        self.refuse_beyond(incoming.owner, incoming.num_bytes)
        self.refuse_full_disk(len(block))
        try:
            incoming.file.write(block)
        except OSError as error:
            raise named_fault(error) from error

    def keep(self, incoming: Incoming) -> tuple[Upload, bool]:
        """Probe a file that came in whole and keep it; true: it was not there before.

        Raises Problem where it is no video that can be used.
        """
        try:
            incoming.file.flush()
            os.fsync(incoming.file.fileno())
            incoming.file.close()
        except OSError as error:
            raise named_fault(error) from error
        return self.adopt(Path(incoming.file.name), incoming.owner, incoming.name)

    def adopt(self, whole: Path, owner: str, name: str) -> tuple[Upload, bool]:
        """Keep a file that lies in a folder of its own, as keep() does. Done again after a kill, it does the same."""
        try:
            info = self._probe(whole, name)
            whole.chmod(_READ_ONLY)
            folder = folder_of(self._root, owner)
            folder.mkdir(parents=True, exist_ok=True)
            known = self.find(owner, media_id(info.sha256))
            if known is not None:
                return known, False
            kept = folder / f"{info.sha256}{whole.suffix}"
            _link(whole, kept)
            return self._note(kept, owner, name, info, partial=whole.with_name("note")), True
        except OSError as error:
            raise named_fault(error) from error

    def end(self, incoming: Incoming) -> None:
        """Remove what is left in quarantine, however it ended, and free its place."""
        incoming.file.close()
        shutil.rmtree(incoming.folder, ignore_errors=True)
        self.free_place()

    def find(self, owner: str, wanted: str) -> Upload | None:
        """Return an owner's upload by its media's id; None: there is none, or it is another's."""
        note = note_in(folder_of(self._root, owner), wanted)
        try:
            document = json.loads(note.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        path = note.parent / str(document.pop("file"))
        if not path.is_file():  # erased with a subject: so must be what it was called
            note.unlink(missing_ok=True)
            return None
        return Upload(**document | {"path": path, "uploaded_at": datetime.fromisoformat(document["uploaded_at"])})

    def _probe(self, path: Path, name: str) -> MediaInfo:
        try:
            info = probe_isolated(path, limits=self._media_limits)
        except InputError as error:
            told = str(error).replace(str(path), name)
            raise Problem(422, "NOT_A_USABLE_VIDEO", told) from error
        if info.truncated_at_us is not None:
            raise Problem(422, "TRUNCATED", f"{name}: its index promises more than came; upload the whole file")
        return info

    def _note(self, kept: Path, owner: str, name: str, info: MediaInfo, *, partial: Path) -> Upload:
        document = {
            "media_id": media_id(info.sha256),
            "sha256": info.sha256,
            "name": name,
            "file": kept.name,
            "size_bytes": info.size_bytes,
            "duration_seconds": info.duration_seconds,
            "width_px": info.width_px,
            "height_px": info.height_px,
            "codec_name": info.codec_name,
            "uploaded_at": datetime.now(UTC).isoformat(),
        }
        partial.write_text(json.dumps(document), encoding="utf-8")
        partial.replace(note_in(kept.parent, str(document["media_id"])))
        found = self.find(owner, str(document["media_id"]))
        assert found is not None, f"{kept} was just kept"
        return found

    def refuse_beyond(self, owner: str, num_bytes: int) -> None:
        """Raise Problem where an owner may not have so many bytes more."""
        if num_bytes > self.limits.max_bytes:
            raise Problem(413, "FILE_TOO_LARGE", f"a file of at most {self.limits.max_bytes:,} bytes is taken; cut it")
        if num_bytes + self._used_bytes(owner) > self.limits.quota_bytes:
            raise Problem(
                429, "QUOTA_USED_UP", f"your files may take {self.limits.quota_bytes:,} bytes; this would be more"
            )

    def refuse_full_disk(self, num_bytes: int) -> None:
        """Raise Problem where so many bytes would fill the disk."""
        if shutil.disk_usage(self._root).free - num_bytes < self.limits.min_free_bytes:
            raise _full_disk()

    def _used_bytes(self, owner: str) -> int:
        folder = folder_of(self._root, owner)
        kept = sum(entry.stat().st_size for entry in os.scandir(folder)) if folder.is_dir() else 0
        return kept + reserved_bytes(self._root, owner)


def shown_name(name: str) -> str:
    """Return a client's name for a file as people may see it: its last part, on one line."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(c for c in unicodedata.normalize("NFC", last) if c.isprintable())
    return printable[:_MAX_NAME_CHARS].strip() or "video"


def video_name(name: str) -> str:
    """Return what a file is called in quarantine. Only a known suffix is the client's: raw streams are told by it."""
    suffix = PurePosixPath(shown_name(name)).suffix.lower()
    return f"video{suffix if suffix in VIDEO_SUFFIXES else ''}"


def _link(whole: Path, kept: Path) -> None:
    """Let a file be at both places: whoever is killed before the note is written finds it whole at the first."""
    try:
        os.link(whole, kept)
    except FileExistsError:
        pass  # named by its content: it is the same
    except OSError:  # a disk without links
        whole.replace(kept)


def _remove_orphans(quarantine: Path) -> None:
    for folder in quarantine.iterdir():
        if time.time() - folder.stat().st_mtime > _ORPHAN_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _full_disk() -> Problem:
    return Problem(507, "DISK_FULL", "the server's disk is nearly full; whoever runs it must free some space")


def named_fault(error: BaseException) -> BaseException:
    """Return what an error of the disk is called."""
    if isinstance(error, OSError):
        return _full_disk() if error.errno == 28 else EnvironmentFault(f"uploads cannot be kept ({error})")
    return error
