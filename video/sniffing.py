"""Recognises, by its first bytes, what a file is that is not a video. Reads bytes only: knows no decoder."""

import stat
import struct
from pathlib import Path

from core.errors import InputError

_HEAD_BYTES = 64 * 1024
_CONVERT = "convert it: ffmpeg -i IN -c:v libx264 OUT.mp4"
_PICTURE_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"avif")

#: (offset, magic bytes, what it is). The first that matches names the file.
_PICTURES = (
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"GIF87a", "GIF"),
    (0, b"GIF89a", "GIF"),
    (8, b"WEBP", "WebP"),
    (0, b"BM", "BMP"),
    (0, b"II*\x00", "TIFF"),
    (0, b"MM\x00*", "TIFF"),
    *((4, b"ftyp" + brand, "HEIF") for brand in _PICTURE_BRANDS),
)
_SOUNDS = (
    (8, b"WAVE", "WAV"),
    (0, b"ID3", "MP3"),
    (0, b"\xff\xfb", "MP3"),
    (0, b"fLaC", "FLAC"),
    (0, b"\xff\xf1", "AAC"),
)
_OTHER_CONTAINERS = (
    (0, b"OggS", "an Ogg file"),
    (0, b"FLV\x01", "a Flash video"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a Windows Media file"),
    (0, b"\x00\x00\x01\xba", "an MPEG program stream"),
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, b"%PDF", "a PDF"),
)
_PLAYLISTS = (b"#extm3u", b"ffconcat", b"<mpd", b"[playlist]", b"v=0\r\n", b"v=0\n", b"<asx", b"<smil")


def printable(path: Path) -> str:
    """Return the path on one line, whatever its bytes are."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(path))


def refuse_unless_video_like(path: Path) -> None:
    """Raise InputError if the path is no readable file, or its first bytes say that it is something else."""
    name = printable(path)
    head = _read_head(path)
    if not head:
        raise InputError(f"{name} is empty (0 bytes); copy or record it again")
    picture = _match(head, _PICTURES)
    if picture is not None:
        raise InputError(f"{name} is a picture ({picture}), not a video; use `moodline faces` for pictures")
    if _points_elsewhere(head):
        raise InputError(f"{name} points to other files (a playlist), which is not allowed; give the video itself")
    sound = _match(head, _SOUNDS)
    if sound is not None:
        raise InputError(f"{name} has sound ({sound}) but no picture; give a file with a video stream")
    container = _match(head, _OTHER_CONTAINERS)
    if container is not None:
        raise InputError(f"{name} is {container}, which Moodline does not read; {_CONVERT}")


def explain_unreadable(path: Path, reason: str) -> InputError:
    """Return the clearest message for a file that FFmpeg could not open, `reason` being FFmpeg's own words."""
    name = printable(path)
    head = _read_head(path)
    if head[4:8] in (b"ftyp", b"mdat", b"wide", b"free") and not _has_index(path):
        return InputError(
            f"{name}: the recording was cut off before its index was written (an MP4 without `moov`); "
            f"copy it again, or repair it with a recovery tool and a good file from the same camera"
        )
    if _is_text(head):
        return InputError(f"{name} is a text file, not a video; give a video file")
    return InputError(f"{name} is not a video that can be read ({reason}); give MP4, MOV, MKV, WebM, AVI or TS")


def _read_head(path: Path) -> bytes:
    name = printable(path)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise InputError(f"{name} is a directory; give one video file")
        if not stat.S_ISREG(mode):
            raise InputError(f"{name} is not a regular file (a device or a pipe); copy it to a file first")
        with path.open("rb") as file:
            return file.read(_HEAD_BYTES)
    except FileNotFoundError as err:
        raise InputError(f"{name}: no such file; check the path") from err
    except PermissionError as err:
        raise InputError(f"{name} may not be read by this user; change its permissions") from err
    except (OSError, ValueError) as err:  # ValueError: a NUL in the path
        raise InputError(f"{name} cannot be read ({type(err).__name__}); check the path and the disk") from err


def _match(head: bytes, table: tuple[tuple[int, bytes, str], ...]) -> str | None:
    return next((name for offset, magic, name in table if head.startswith(magic, offset)), None)


def _points_elsewhere(head: bytes) -> bool:
    start = head[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    is_xml_manifest = start.startswith(b"<?xml") and any(tag in start for tag in (b"<mpd", b"<smil", b"<playlist"))
    return start.startswith(_PLAYLISTS) or is_xml_manifest


def _is_text(head: bytes) -> bool:
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as err:
        if err.start < len(head) - 4:  # not merely a character cut in half where the head ends
            return False
        text = head[: err.start].decode("utf-8")
    return all(c.isprintable() or c.isspace() for c in text)


def _has_index(path: Path) -> bool:
    """Walk the top-level boxes of an MP4 and say whether a whole `moov` is among them."""
    size_bytes = path.stat().st_size
    offset = 0
    with path.open("rb") as file:
        for _ in range(10_000):  # a fragmented MP4 has thousands, a loop of boxes would have no end
            file.seek(offset)
            header = file.read(16)
            if len(header) < 8 or offset >= size_bytes:
                return False
            length, kind = struct.unpack(">I4s", header[:8])
            if kind == b"moov":
                return bool(offset + length <= size_bytes)
            if length == 1 and len(header) == 16:
                length = struct.unpack(">Q", header[8:])[0]
            if length < 8:
                return False
            offset += length
    return False
