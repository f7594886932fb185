"""The bytes of a fragment: what a decoder must be told, then coded packets, each with its own exact times.

Knows no decoder and no file. A fragment comes back from a store that others may write to: whatever its bytes are,
reading gives packets or one InputError, takes little more memory than the bytes themselves, and executes nothing.

Little-endian: prefix (magic, CRC-32 of all that follows), header, display matrix, extradata, then the packets, each as
its fields, its new extradata and its data.
"""

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from core.errors import InputError

_PREFIX: Final = struct.Struct("<8sI")
_HEADER: Final = struct.Struct("<16s4sIIBBBBiiiiBII")
_PACKET: Final = struct.Struct("<qqqBII")
_MAGIC: Final = b"MOODFRG1"
_NO_TIME: Final = -(2**63)  # FFmpeg's own mark for a time that is not known
_KEY_FRAME, _CORRUPT, _DISCARD = 1, 2, 4

#: FFmpeg's H.264 decoder aborts the whole process where it is told of more.
_MAX_REORDER_DEPTH: Final = 16
_MATRIX_BYTES: Final = 36
#: Parameter sets take tens of bytes, seldom thousands.
_MAX_EXTRADATA_BYTES: Final = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class FragmentHeader:
    """What a decoder is told before its first packet, as the container told it."""

    codec_name: str  # "h264": the format
    codec_tag: bytes  # four bytes; some encoders' faults are known by it
    width_px: int  # as stored, before rotation
    height_px: int
    reorder_depth: int  # pictures that the decoder holds back at first, 0 to 16
    color_range: int  # FFmpeg's number; for streams that do not say it themselves, as the next
    colorspace: int
    bits_per_coded_sample: int
    time_base: Fraction  # seconds per tick
    rate: Fraction  # frames per second by the header: only for streams that carry no times
    display_matrix: bytes  # FFmpeg's nine int32 that make the pictures upright; empty: they are, or say so themselves
    extradata: bytes  # parameter sets and the like; may be empty

    def __post_init__(self) -> None:
        if len(self.codec_tag) != 4 or len(self.display_matrix) not in (0, _MATRIX_BYTES):
            raise ValueError("a tag or a display matrix of the wrong length")
        if not 0 <= self.reorder_depth <= _MAX_REORDER_DEPTH:
            raise ValueError(f"a reorder depth of {self.reorder_depth}, at most {_MAX_REORDER_DEPTH} is possible")
        if min(self.time_base, self.rate) <= 0 or len(self.extradata) > _MAX_EXTRADATA_BYTES:
            raise ValueError("a time base or a rate that is not above 0, or extradata that is too long")

    @property
    def max_bytes(self) -> int:
        """How long a fragment without packets is at most: with a display matrix."""
        return _PREFIX.size + _HEADER.size + _MATRIX_BYTES + len(self.extradata)


@dataclass(frozen=True, kw_only=True, slots=True)
class FragmentPacket:
    """One coded packet with all that its decoding depends on. Times are in ticks; None: the container gave none."""

    data: bytes | memoryview  # never empty
    pts: int | None
    dts: int | None
    duration: int | None
    is_keyframe: bool
    is_corrupt: bool
    is_discarded: bool  # only to be decoded, for others that need it
    new_extradata: bytes  # parameter sets that replace the header's from here on; mostly empty

    def __post_init__(self) -> None:
        if not len(self.data) or len(self.new_extradata) > _MAX_EXTRADATA_BYTES:
            raise ValueError("a packet without data, or with extradata that is too long")

    @property
    def num_bytes(self) -> int:
        """How long the packet is in a fragment."""
        return _PACKET.size + len(self.new_extradata) + len(self.data)


def write_fragment(header: FragmentHeader, packets: Sequence[FragmentPacket]) -> bytes:
    """Return a fragment's bytes."""
    parts: list[bytes | memoryview] = [_pack_header(header, len(packets)), header.display_matrix, header.extradata]
    for packet in packets:
        flags = _KEY_FRAME * packet.is_keyframe | _CORRUPT * packet.is_corrupt | _DISCARD * packet.is_discarded
        times = [_NO_TIME if ticks is None else ticks for ticks in (packet.pts, packet.dts, packet.duration)]
        parts.append(_PACKET.pack(*times, flags, len(packet.new_extradata), len(packet.data)))
        parts += [packet.new_extradata, packet.data]
    checksum = 0
    for part in parts:
        checksum = zlib.crc32(part, checksum)
    return b"".join([_PREFIX.pack(_MAGIC, checksum), *parts])


def read_fragment(content: bytes, *, max_packets: int) -> tuple[FragmentHeader, Iterator[FragmentPacket]]:
    """Return a fragment's header, and its packets as they are asked for. Raise InputError where it is damaged."""
    if len(content) < _PREFIX.size or content[:8] != _MAGIC:
        raise _damaged("it does not begin as fragments do")
    _, checksum = _PREFIX.unpack_from(content)
    if zlib.crc32(memoryview(content)[_PREFIX.size :]) != checksum:
        raise _damaged("its checksum does not match")
    cursor = _Cursor(content, at=_PREFIX.size)
    fields = cursor.unpack(_HEADER)
    try:
        header = _header_of(fields, cursor)
    except (ValueError, ZeroDivisionError) as err:
        raise _damaged(str(err)) from err
    num_packets = fields[-1]
    if num_packets > max_packets:
        raise _damaged(f"{num_packets:,} packets, at most {max_packets:,} are allowed")
    return header, _packets_of(cursor, num_packets)


class _Cursor:
    """Takes one piece after the other and never reaches beyond the end."""

    def __init__(self, content: bytes, *, at: int) -> None:
        self._content = memoryview(content)
        self._at = at

    @property
    def is_at_end(self) -> bool:
        return self._at == len(self._content)

    def take(self, num_bytes: int) -> memoryview:
        piece = self._content[self._at : self._at + num_bytes]
        if len(piece) < num_bytes:
            raise _damaged("it ends too early")
        self._at += num_bytes
        return piece

    def unpack(self, layout: struct.Struct) -> tuple[Any, ...]:
        return layout.unpack(self.take(layout.size))


def _pack_header(header: FragmentHeader, num_packets: int) -> bytes:
    return _HEADER.pack(
        header.codec_name.encode("ascii"),
        header.codec_tag,
        header.width_px,
        header.height_px,
        header.reorder_depth,
        header.color_range,
        header.colorspace,
        header.bits_per_coded_sample,
        *header.time_base.as_integer_ratio(),
        *header.rate.as_integer_ratio(),
        len(header.display_matrix),
        len(header.extradata),
        num_packets,
    )


def _header_of(fields: tuple[Any, ...], cursor: _Cursor) -> FragmentHeader:
    name, tag, width_px, height_px, depth, color_range, colorspace, bits, *ratios, matrix_bytes, extra_bytes, _ = fields
    return FragmentHeader(
        codec_name=name.rstrip(b"\0").decode("ascii"),
        codec_tag=tag,
        width_px=width_px,
        height_px=height_px,
        reorder_depth=depth,
        color_range=color_range,
        colorspace=colorspace,
        bits_per_coded_sample=bits,
        time_base=Fraction(ratios[0], ratios[1]),
        rate=Fraction(ratios[2], ratios[3]),
        display_matrix=bytes(cursor.take(matrix_bytes)),
        extradata=bytes(cursor.take(extra_bytes)),
    )


def _packets_of(cursor: _Cursor, num_packets: int) -> Iterator[FragmentPacket]:
    for _ in range(num_packets):
        pts, dts, duration, flags, num_extra_bytes, num_bytes = cursor.unpack(_PACKET)
        new_extradata, data = cursor.take(num_extra_bytes), cursor.take(num_bytes)
        try:
            yield FragmentPacket(
                data=data,
                pts=None if pts == _NO_TIME else pts,
                dts=None if dts == _NO_TIME else dts,
                duration=None if duration == _NO_TIME else duration,
                is_keyframe=bool(flags & _KEY_FRAME),
                is_corrupt=bool(flags & _CORRUPT),
                is_discarded=bool(flags & _DISCARD),
                new_extradata=bytes(new_extradata),
            )
        except ValueError as err:
            raise _damaged(str(err)) from err
    if not cursor.is_at_end:
        raise _damaged("there is more in it than its packets")


def _damaged(reason: str) -> InputError:
    return InputError(f"a fragment of video is damaged ({reason}); cut it again from its media")
