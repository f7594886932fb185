"""What a call means: a file, an address, all videos of a folder, each line of a list. Opens and fetches nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from core.errors import InputError

#: What a folder's videos are called; a file that is named itself may be called anything.
VIDEO_SUFFIXES: Final = frozenset(
    {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".ts", ".m2ts", ".mts", ".h264", ".264", ".hevc", ".h265", ".265"}
)

_LIST_SUFFIXES: Final = frozenset({".txt", ".list"})
_MAX_LIST_BYTES: Final = 64 * 2**20
_MAX_LINE_CHARS: Final = 4096


#: Where a file may be fetched from; more need a package for fsspec, such as s3fs.
SCHEMES: Final = ("http", "https", "s3", "gs", "az", "abfs")


@dataclass(frozen=True, kw_only=True)
class MediaUrl:
    """Where a file is to be fetched from."""

    url: str  # may hold a password or a signature: for fetching only

    @property
    def shown(self) -> str:
        """The address without what must not be shown: user, password, query."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"


def find_sources(names: Sequence[str]) -> list[Path | MediaUrl]:
    """Return the files and addresses that the names mean, each once, in order: folders are searched, lists (.txt) read.

    Raises InputError for a folder without a video, a list that cannot be read, or an address of an unknown kind.
    """
    found = (source for name in names for source in _expand(name))
    return list(dict.fromkeys(found))


def _expand(name: str) -> list[Path | MediaUrl]:
    if "://" in name:
        return [_parse_url(name, where=name)]
    path = Path(name)
    if path.is_dir():
        return list(_videos_in(path))
    if path.suffix.lower() in _LIST_SUFFIXES:
        return list(_lines_of(path))
    return [path]  # whether it is there, and a video, is said by the probe


def _parse_url(text: str, *, where: str) -> MediaUrl:
    scheme = text.partition("://")[0].lower()
    if scheme not in SCHEMES or "::" in text or not urlsplit(text).hostname:
        raise InputError(
            f"{MediaUrl(url=where).shown if '://' in where else where}: nothing is fetched from {scheme}://; "
            f"choose from {', '.join(SCHEMES)}, or copy the file here"
        )
    return MediaUrl(url=text)


def _videos_in(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in VIDEO_SUFFIXES and path.is_file())
    if not found:
        raise InputError(f"{folder}: no video in this folder; looked for {', '.join(sorted(VIDEO_SUFFIXES))}")
    return found


def _lines_of(listing: Path) -> Iterator[Path | MediaUrl]:
    """Yield the file of each line, a relative one beside the list; skip empty lines and those that begin with #."""
    try:
        if listing.stat().st_size > _MAX_LIST_BYTES:
            raise InputError(f"{listing}: too long for a list of files; is it a video? Then give it its own suffix")
        lines = listing.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{listing}: cannot be read as a list of files ({error}); one path a line, UTF-8") from error
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if len(text) > _MAX_LINE_CHARS or "\0" in text:
            raise InputError(f"{listing}, line {number}: not a path")
        if "://" in text:
            yield _parse_url(text, where=f"{listing}, line {number}")
            continue
        yield listing.parent / text
