"""Zip and tar archives that hold a data set: what is needed is unpacked into a temporary folder, within limits.

Knows which members may be of use; what they mean is for the readers to find out.
"""

import errno
import lzma
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Final

from core.errors import EnvironmentFault, InputError
from training.datasets.fer2013_csv import is_pictures_header
from training.datasets.picture_file import PICTURE_SUFFIXES

#: FER2013's largest archive unpacks to 0.6 GB.
MAX_UNPACKED_BYTES: Final = 4 * 2**30
MAX_MEMBERS: Final = 500_000

_ZIP_STARTS: Final = (b"PK\x03\x04", b"PK\x05\x06")
_TAR_STARTS: Final = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
_TAR_MARK: Final = b"ustar"
_TAR_MARK_AT: Final = 257
_HEADER_BYTES: Final = 200
_COPY_BYTES: Final = 2**20

#: What zipfile and tarfile raise for damage: each decompressor has its own.
_DAMAGE: Final = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, NotImplementedError)


@dataclass(frozen=True, kw_only=True)
class _Member:
    """A plain file in an archive."""

    name: str
    size_bytes: int  # unpacked, as the archive says
    open: Callable[[], IO[bytes]]


def is_archive(path: Path) -> bool:
    """Whether a file's first bytes are a zip's, a tar's or a compressed tar's."""
    try:
        with path.open("rb") as file:
            start = file.read(_TAR_MARK_AT + len(_TAR_MARK))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); name a readable file") from error
    return start.startswith(_ZIP_STARTS + _TAR_STARTS) or start[_TAR_MARK_AT:] == _TAR_MARK


@contextmanager
def unpacked(archive: Path, *, max_bytes: int = MAX_UNPACKED_BYTES) -> Iterator[Path]:
    """Give the FER2013 CSV, or the folder of pictures, that an archive holds; removed at the end.

    An InputError about what was unpacked is raised again with the archive's name instead of the temporary folder's.
    """
    with tempfile.TemporaryDirectory(prefix="moodline-") as temporary:
        folder = Path(temporary)
        try:
            with _faults_named(archive), _opened(archive, max_bytes) as members:
                path = _unpack_needed(archive, members, folder)
            yield path
        except InputError as error:
            message = str(error).replace(f"{folder}/", f"{archive}, ").replace(str(folder), str(archive))
            raise InputError(message) from error


@contextmanager
def _faults_named(archive: Path) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise _damaged(archive, error) from error
    except RuntimeError as error:  # zipfile's word for a password
        raise InputError(f"{archive}: cannot be unpacked ({error}); give an archive without a password") from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise EnvironmentFault(f"{tempfile.gettempdir()}: no room to unpack {archive}; make some") from error
        raise _damaged(archive, error) from error


def _damaged(archive: Path, error: Exception) -> InputError:
    reason = str(error).partition("\n")[0].rstrip(":")
    return InputError(
        f"{archive}: not a whole zip or tar archive ({reason}); fetch it again, or unpack it and name what it held"
    )


@contextmanager
def _opened(archive: Path, max_bytes: int) -> Iterator[list[_Member]]:
    with archive.open("rb") as file:
        is_zip = file.read(4) in _ZIP_STARTS
    if is_zip:
        with zipfile.ZipFile(archive) as opened_zip:
            yield _checked(archive, _zip_members(opened_zip), max_bytes)
    else:
        with tarfile.open(archive) as opened_tar:
            yield _checked(archive, _tar_members(archive, opened_tar), max_bytes)


def _zip_members(opened: zipfile.ZipFile) -> Iterator[_Member]:
    for found in opened.infolist():
        if not found.is_dir():
            yield _Member(name=found.filename, size_bytes=found.file_size, open=partial(opened.open, found))


def _tar_members(archive: Path, opened: tarfile.TarFile) -> Iterator[_Member]:
    for found in opened:
        if found.isdir():
            continue
        if not found.isfile():
            raise InputError(f"{archive}: {found.name[:80]!r} is a link or a device; pack plain files only")
        yield _Member(name=found.name, size_bytes=found.size, open=partial(_open_tar_member, opened, found))


def _open_tar_member(opened: tarfile.TarFile, found: tarfile.TarInfo) -> IO[bytes]:
    file = opened.extractfile(found)
    if file is None:
        raise tarfile.ReadError(f"{found.name[:80]!r} has no content")
    return file


def _checked(archive: Path, members: Iterator[_Member], max_bytes: int) -> list[_Member]:
    """List the members, stopping at the first that leads outside or goes beyond a limit."""
    kept, unpacked_bytes = [], 0
    for num_members, member in enumerate(members, start=1):
        path = _path_of(member)
        unpacked_bytes += member.size_bytes
        if path.is_absolute() or ".." in path.parts:
            raise InputError(f"{archive}: {member.name[:80]!r} leads outside the archive; do not trust it")
        if unpacked_bytes > max_bytes or num_members > MAX_MEMBERS:
            raise InputError(
                f"{archive}: unpacks to more than {max_bytes / 2**30:.1f} GiB or {MAX_MEMBERS} files; "
                "unpack what you need of it and name that"
            )
        if not any(part.startswith(".") or part == "__MACOSX" for part in path.parts):
            kept.append(member)
    return kept


def _unpack_needed(archive: Path, members: list[_Member], folder: Path) -> Path:
    """Unpack the one table of pictures, or else all pictures."""
    pictures = [member for member in members if _is_named_as_picture(member)]
    tables = [member for member in members if not _is_named_as_picture(member) and _is_pictures_table(member)]
    if len(tables) > 1:
        names = ", ".join(member.name for member in tables)
        raise InputError(f"{archive}: holds several data sets ({names}); unpack one of them and name that")
    if not tables and not pictures:
        raise InputError(
            f"{archive}: holds neither a FER2013 CSV nor pictures; "
            "name fer2013.csv, icml_face_data.csv, a folder of class folders, or an archive of one of these"
        )
    for member in tables or pictures:
        path = folder / _path_of(member)
        path.parent.mkdir(parents=True, exist_ok=True)
        with member.open() as source, path.open("wb") as target:
            shutil.copyfileobj(source, target, _COPY_BYTES)
    return folder / _path_of(tables[0]) if tables else folder


def _is_named_as_picture(member: _Member) -> bool:
    return _path_of(member).suffix.lower() in PICTURE_SUFFIXES


def _is_pictures_table(member: _Member) -> bool:
    with member.open() as file:
        return is_pictures_header(file.read(_HEADER_BYTES).split(b"\n")[0])


def _path_of(member: _Member) -> PurePosixPath:
    """Some Windows programs write backslashes."""
    return PurePosixPath(member.name.replace("\\", "/"))
