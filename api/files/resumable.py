"""Uploads that come in pieces: what came stays on disk, whoever breaks off or is killed, and is kept once it is whole.

A folder each: `about.json`, the file so far, and after the end `done.json` for a client that lost the last answer.
"""

import fcntl
import json
import os
import re
import secrets
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

from api.files.kept_files import read_note, unfinished_of
from api.files.uploads import Upload, UploadFolder, named_fault, shown_name, video_name
from api.problems import Problem

#: An upload to which nothing is added for a day is removed, and so is the note of one that is over.
EXPIRY_SECONDS: Final = 24 * 3600

_MAX_UNFINISHED: Final = 100
_ID: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, kw_only=True)
class Unfinished:
    """An upload as its folder has it."""

    id: str
    folder: Path
    name: str  # for people; empty once it is over
    num_bytes: int  # that it will have
    offset_bytes: int  # that are there
    metadata: str | None  # as the client gave it
    media_id: str | None  # once it was kept
    changed_at_seconds: float  # Unix seconds

    @property
    def is_whole(self) -> bool:
        """Whether every byte has come."""
        return self.offset_bytes == self.num_bytes

    @property
    def expires_at(self) -> datetime:
        """When it is removed if nothing more comes, aware UTC."""
        return datetime.fromtimestamp(self.changed_at_seconds + EXPIRY_SECONDS, UTC)


@dataclass(kw_only=True)
class Piece:
    """An upload that is held by one request, which adds to it."""

    upload: Unfinished
    lock: IO[bytes]
    file: IO[bytes] | None  # None: it is over
    num_bytes: int  # there now


class ResumableUploads:
    """Takes uploads in pieces, on the quota and limits of an upload folder. Threads and processes may share it."""

    def __init__(self, root: Path, uploads: UploadFolder) -> None:
        self._root = root.absolute()
        self._uploads = uploads

    def create(self, owner: str, name: str, num_bytes: int, metadata: str | None) -> Unfinished:
        """Open an upload of so many bytes. Raises Problem where they cannot be taken."""
        parent = unfinished_of(self._root, owner)
        try:
            parent.mkdir(parents=True, exist_ok=True)
            _remove_expired(parent)
            if sum(1 for _ in parent.glob("*/about.json")) >= _MAX_UNFINISHED:
                raise Problem(
                    429, "TOO_MANY_UPLOADS", f"{_MAX_UNFINISHED} of your uploads are unfinished: end or DELETE some"
                )
            self._uploads.refuse_beyond(owner, num_bytes)
            self._uploads.refuse_full_disk(num_bytes)
            folder = parent / secrets.token_hex(16)
            folder.mkdir()
            (folder / video_name(name)).touch()
            (folder / "lock").touch()
            _write(folder / "about.json", {"name": shown_name(name), "num_bytes": num_bytes, "metadata": metadata})
        except OSError as error:
            raise named_fault(error) from error
        return self.find(owner, folder.name)

    def find(self, owner: str, upload_id: str) -> Unfinished:
        """Return an owner's upload. Raises Problem where there is none, or it is another's, or has expired."""
        folder = unfinished_of(self._root, owner) / upload_id
        try:
            if not _ID.fullmatch(upload_id) or _has_expired(folder):
                raise FileNotFoundError
            done = read_note(folder / "done.json")
            about = done or read_note(folder / "about.json")
            if about is None:
                raise FileNotFoundError
            num_bytes = int(about["num_bytes"])
            return Unfinished(
                id=upload_id,
                folder=folder,
                name=about.get("name", ""),
                num_bytes=num_bytes,
                offset_bytes=num_bytes if done else _video_in(folder).stat().st_size,
                metadata=about.get("metadata"),
                media_id=about.get("media_id"),
                changed_at_seconds=_changed_at_seconds(folder),
            )
        except FileNotFoundError:
            raise _not_there() from None

    def hold(self, owner: str, upload_id: str) -> Piece:
        """Hold an upload for one request. Raises Problem where another holds it, or all places are held."""
        found = self.find(owner, upload_id)
        self._uploads.take_place()
        try:
            lock = (found.folder / "lock").open("r+b")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # a killed server's is freed by the system
                found = self.find(owner, upload_id)  # as it is, now that nobody else changes it
            except BaseException:
                lock.close()
                raise
        except FileNotFoundError as error:  # removed at this moment
            self._uploads.free_place()
            raise _not_there() from error
        except BlockingIOError as error:
            self._uploads.free_place()
            raise Problem(
                423, "UPLOAD_HELD", "another request is adding to this upload: ask again", headers={"Retry-After": "2"}
            ) from error
        except OSError as error:
            self._uploads.free_place()
            raise named_fault(error) from error
        except BaseException:
            self._uploads.free_place()
            raise
        return Piece(upload=found, lock=lock, file=None, num_bytes=found.offset_bytes)

    def write(self, piece: Piece, block: bytes) -> None:
        """Add a block to a held upload. Raises Problem where it would be more than was said, or fill the disk."""
        if not block:
            return
        if piece.num_bytes + len(block) > piece.upload.num_bytes:
            raise Problem(413, "UPLOAD_TOO_LONG", f"this upload has {piece.upload.num_bytes:,} bytes, and no more")
        self._uploads.refuse_full_disk(len(block))
        try:
            if piece.file is None:
                piece.file = _video_in(piece.upload.folder).open("ab", buffering=0)
            view = memoryview(block)
            while view:  # an unbuffered write may take a part
                num_written = piece.file.write(view)
                piece.num_bytes += num_written
                view = view[num_written:]
        except OSError as error:
            raise named_fault(error) from error

    def keep_if_whole(self, owner: str, piece: Piece) -> Upload | None:
        """Probe and keep a held upload of which every byte has come; None: some are to come, or it was kept before.

        Raises Problem where it is no video that can be used: nothing of it stays.
        """
        upload = piece.upload
        if upload.media_id is not None or piece.num_bytes != upload.num_bytes:
            return None
        try:
            _sync(piece)
            video = _video_in(upload.folder)
            kept, _ = self._uploads.adopt(video, owner, upload.name)
            _write(upload.folder / "done.json", {"num_bytes": upload.num_bytes, "media_id": kept.media_id})
            (upload.folder / "about.json").unlink()
            video.unlink(missing_ok=True)
        except Problem as problem:
            if problem.status == 422:
                shutil.rmtree(upload.folder, ignore_errors=True)
            raise
        except OSError as error:
            raise named_fault(error) from error
        return kept

    def free(self, piece: Piece) -> None:
        """Let go of an upload; what came is on disk, also if the power goes."""
        try:
            _sync(piece)
        finally:
            piece.lock.close()
            self._uploads.free_place()

    def remove(self, piece: Piece) -> None:
        """Remove a held upload. What it has become stays."""
        shutil.rmtree(piece.upload.folder, ignore_errors=True)


def _not_there() -> Problem:
    return Problem(404, "NO_SUCH_UPLOAD", "you have no upload of this id now: POST /v1/uploads begins one")


def _sync(piece: Piece) -> None:
    if piece.file is not None:
        os.fsync(piece.file.fileno())
        piece.file.close()
        piece.file = None


def _video_in(folder: Path) -> Path:
    found = next(folder.glob("video*"), None)
    if found is None:
        raise FileNotFoundError(folder)
    return found


def _changed_at_seconds(folder: Path) -> float:
    return max(path.stat().st_mtime for path in (folder, *folder.glob("video*")))


def _has_expired(folder: Path) -> bool:
    return time.time() - _changed_at_seconds(folder) > EXPIRY_SECONDS


def _remove_expired(parent: Path) -> None:
    for folder in parent.iterdir():
        if _has_expired(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _write(path: Path, document: dict[str, Any]) -> None:
    partial = path.with_name(f".{path.name}")
    partial.write_text(json.dumps(document), encoding="utf-8")
    partial.replace(path)
