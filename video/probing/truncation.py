"""Says whether a container promises bytes beyond the end of its file. Reads headers and indexes, never frames."""

from video.opening import OpenedVideo

_EBML_HEADER = b"\x1a\x45\xdf\xa3"
_MATROSKA_SEGMENT = b"\x18\x53\x80\x67"


def promises_more_bytes(video: OpenedVideo) -> bool:
    """Compare what the index (MP4, AVI) or the segment's size (Matroska) promises with the size of the file."""
    size_bytes = video.path.stat().st_size
    if any(entry.pos + entry.size > size_bytes for entry in video.stream.index_entries):
        return True
    with video.path.open("rb") as file:
        segment_end = _matroska_segment_end(file.read(4096))
    return segment_end is not None and segment_end > size_bytes


def _matroska_segment_end(head: bytes) -> int | None:
    """Return where a Matroska file's one segment ends; None: no such file, or a live recording of unknown size."""
    if not head.startswith(_EBML_HEADER):
        return None
    header = _read_size(head, len(_EBML_HEADER))
    if header is None:
        return None
    segment_at = header[1] + header[0]
    if head[segment_at : segment_at + 4] != _MATROSKA_SEGMENT:
        return None
    segment = _read_size(head, segment_at + len(_MATROSKA_SEGMENT))
    return None if segment is None else segment[1] + segment[0]


def _read_size(head: bytes, at: int) -> tuple[int, int] | None:
    """Return an EBML element's size and where its content begins; None: unknown size (all bits set), or no room."""
    if at >= len(head) or head[at] == 0:
        return None
    length = 9 - head[at].bit_length()  # RFC 8794 section 4: leading zeros of the first byte tell the length
    value_bits = 7 * length
    value = int.from_bytes(head[at : at + length], "big") & ((1 << value_bits) - 1)
    return None if value == (1 << value_bits) - 1 else (value, at + length)
