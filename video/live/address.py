"""Where a live video comes from, told apart by how it is written. Knows no network; never shows a password."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from core.errors import InputError
from video.sniffing import printable


class LiveKind(StrEnum):
    """How a live video is reached."""

    RTSP = "rtsp"  # a network camera
    TCP = "tcp"  # a transport stream from whoever listens there
    DEVICE = "device"  # a camera of this machine
    FILE = "file"  # a recording, played at the speed at which it was made


@dataclass(frozen=True, kw_only=True)
class LiveAddress:
    """A live video's address."""

    kind: LiveKind
    location: str  # what is opened: a URL with its credentials, or a path. Never into a message
    name: str  # what it is called in messages: without credentials and query


def parse_live_address(text: str) -> LiveAddress:
    """Tell what an address means. Raises InputError for what is no live video."""
    if "://" not in text:
        kind = LiveKind.DEVICE if text.startswith("/dev/video") else LiveKind.FILE
        return LiveAddress(kind=kind, location=text, name=printable(Path(text)))
    scheme = text.split("://", 1)[0]
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:  # its words may quote the address, and so its password
        raise InputError(f"a {scheme} address that cannot be read; write {scheme}://HOST:PORT") from None
    if scheme not in (LiveKind.RTSP, LiveKind.TCP) or not text.isprintable():
        raise InputError(f"{scheme}:// is no live video that is read here; give rtsp://, tcp://, /dev/videoN or a file")
    if not host or (scheme == LiveKind.TCP and port is None):
        raise InputError(f"a {scheme} address without a host or a port; write {scheme}://HOST:PORT")
    shown_port = "" if port is None else f":{port}"
    return LiveAddress(kind=LiveKind(scheme), location=text, name=f"{scheme}://{host}{shown_port}{parts.path}")
