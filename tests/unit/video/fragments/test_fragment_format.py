"""A fragment's bytes say exactly what was written, or that they are damaged."""

import zlib
from dataclasses import replace
from fractions import Fraction

import pytest

from core.errors import InputError
from video.fragments.fragment_format import FragmentHeader, FragmentPacket, read_fragment, write_fragment

HEADER = FragmentHeader(
    codec_name="mpeg2video",
    codec_tag=b"mp4v",
    width_px=1920,
    height_px=1088,
    reorder_depth=16,
    color_range=1,
    colorspace=9,
    bits_per_coded_sample=24,
    time_base=Fraction(1001, 90_000),
    rate=Fraction(30_000, 1001),
    display_matrix=bytes(range(36)),
    extradata=b"parameter sets",
)
PACKET = FragmentPacket(
    data=b"coded",
    pts=2**62,
    dts=-(2**63) + 1,
    duration=1,
    is_keyframe=True,
    is_corrupt=False,
    is_discarded=False,
    new_extradata=b"",
)
PACKETS = [
    PACKET,
    replace(PACKET, pts=None, dts=None, duration=None, is_keyframe=False, is_corrupt=True),
    replace(PACKET, pts=0, is_keyframe=False, is_discarded=True, new_extradata=b"newer sets"),
]


def read(content: bytes, *, max_packets: int = 10) -> tuple[FragmentHeader, list[FragmentPacket]]:
    header, packets = read_fragment(content, max_packets=max_packets)
    return header, list(packets)


def with_checksum(content: bytes) -> bytes:
    return content[:8] + zlib.crc32(content[12:]).to_bytes(4, "little") + content[12:]


@pytest.mark.parametrize("header", [HEADER, replace(HEADER, display_matrix=b"", extradata=b"", reorder_depth=0)])
def test_what_was_written_is_read(header: FragmentHeader) -> None:
    assert read(write_fragment(header, PACKETS)) == (header, PACKETS)


def test_a_fragment_may_hold_no_packet() -> None:
    assert read(write_fragment(HEADER, [])) == (HEADER, [])


def test_a_packets_length_in_a_fragment_is_known_before_it_is_written() -> None:
    empty_bytes = len(write_fragment(HEADER, []))
    assert len(write_fragment(HEADER, PACKETS)) == empty_bytes + sum(packet.num_bytes for packet in PACKETS)


def test_a_fragment_cut_off_anywhere_is_damaged() -> None:
    whole = write_fragment(HEADER, PACKETS)
    for num_bytes in range(len(whole)):
        with pytest.raises(InputError, match="is damaged"):
            read(whole[:num_bytes])
        with pytest.raises(InputError, match="is damaged"):
            read(with_checksum(whole[:num_bytes]))


def test_a_flipped_bit_is_noticed() -> None:
    whole = bytearray(write_fragment(HEADER, PACKETS))
    whole[-1] ^= 1
    with pytest.raises(InputError, match="checksum does not match"):
        read(bytes(whole))


def test_more_than_the_packets_is_damage() -> None:
    with pytest.raises(InputError, match="more in it than its packets"):
        read(with_checksum(write_fragment(HEADER, PACKETS) + b"x"))


def test_more_packets_than_allowed_are_not_read() -> None:
    with pytest.raises(InputError, match="3 packets, at most 2 are allowed"):
        read_fragment(write_fragment(HEADER, PACKETS), max_packets=2)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reorder_depth": 17}, "a reorder depth of 17"),
        ({"time_base": Fraction(-1, 25)}, "a time base or a rate that is not above 0"),
        ({"rate": Fraction(0)}, "a time base or a rate that is not above 0"),
        ({"extradata": bytes(70_000)}, "extradata that is too long"),
        ({"display_matrix": bytes(35)}, "a display matrix of the wrong length"),
    ],
)
def test_a_header_beyond_its_bounds_cannot_be_made(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        replace(HEADER, **changes)


@pytest.mark.parametrize(
    ("offset", "value", "words"),
    [
        (40, 17, "a reorder depth of 17"),
        (48, 0, "Fraction"),  # the time base's denominator
        (60, 35, "wrong length"),
        (12, 0xFF, "can't decode"),
    ],
)
def test_a_forged_header_is_refused(offset: int, value: int, words: str) -> None:
    content = bytearray(write_fragment(HEADER, []))
    width_bytes = 4 if offset == 48 else 1
    content[offset : offset + width_bytes] = value.to_bytes(width_bytes, "little")
    with pytest.raises(InputError, match=words):
        read(with_checksum(bytes(content)))


def test_a_packet_without_data_is_damage() -> None:
    with pytest.raises(ValueError, match="a packet without data"):
        replace(PACKET, data=b"")
    content = bytearray(write_fragment(HEADER, [replace(PACKET, data=b"x")]))
    content[-5] = 0  # the length of the data, before the data
    with pytest.raises(InputError, match="a packet without data"):
        read(with_checksum(bytes(content[:-1])))
