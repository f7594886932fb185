"""Which files a call means: a file, every video in a folder, or every line of a list. Opens no video."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from core.errors import InputError

#: What a folder's videos are called; a file that is named itself may be called anything.
VIDEO_SUFFIXES: Final = frozenset(
    {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".ts", ".m2ts", ".mts", ".h264", ".264", ".hevc", ".h265", ".265"}
)

_LIST_SUFFIXES: Final = frozenset({".txt", ".list"})
_MAX_LIST_BYTES: Final = 64 * 2**20
_MAX_LINE_CHARS: Final = 4096


def find_sources(paths: Sequence[Path]) -> list[Path]:
    """Return the files that the paths mean, each once, in order: folders are searched, lists (.txt) are read.

    Raises InputError for a path that does not exist, a folder without a video, or a list that cannot be read.
    """
    found = (source for path in paths for source in _expand(path))
    return list(dict.fromkeys(found))


def _expand(path: Path) -> list[Path]:
    if path.is_dir():
        return _videos_in(path)
    if path.suffix.lower() in _LIST_SUFFIXES:
        return list(_lines_of(path))
    return [path]  # whether it is there, and a video, is said by the probe


def _videos_in(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in VIDEO_SUFFIXES and path.is_file())
    if not found:
        raise InputError(f"{folder}: no video in this folder; looked for {', '.join(sorted(VIDEO_SUFFIXES))}")
    return found


def _lines_of(listing: Path) -> Iterator[Path]:
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
            raise InputError(
                f"{listing}, line {number}: {text.split('://')[0]}:// cannot be fetched; copy the file here and name it"
            )
        yield listing.parent / text
