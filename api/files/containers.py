"""What a browser is told that a video file is, by the file's first bytes: a name may say anything."""

from typing import Final

UNKNOWN: Final = "application/octet-stream"

#: So many first bytes tell.
NUM_BYTES: Final = 512

_EBML: Final = b"\x1a\x45\xdf\xa3"
_SYNC_BYTE: Final = 0x47
_TS_PACKET_BYTES: Final = 188


def media_type_of(head: bytes) -> str:
    """Return the media type of a file that begins so: a video's, or that of any bytes; never a page's."""
    if head[4:8] == b"ftyp":
        return "video/quicktime" if head[8:12] == b"qt  " else "video/mp4"
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip"):
        return "video/quicktime"
    if head.startswith(_EBML):
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "video/x-msvideo"
    if head[:1] and head[::_TS_PACKET_BYTES] == bytes([_SYNC_BYTE]) * len(head[::_TS_PACKET_BYTES]):
        return "video/mp2t"
    return UNKNOWN
