"""A fragment sets up a decoder as the file did, and refuses what no decoder should be given."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import InputError
from producer.planning import plan_chunks
from tests.clips import EVERY_KIND, write_clip
from video.decoding.decode import SpanDecoder
from video.fragments.fragment import cut_fragment, describe_packet, open_fragment
from video.fragments.fragment_format import FragmentHeader, FragmentPacket, read_fragment, write_fragment
from video.limits import MediaLimits
from video.moments import count_moments
from video.probing.probe import probe
from video.seeking import enter_file

LIMITS = MediaLimits()
SETTINGS = (
    "name",
    "extradata",
    "codec_tag",
    "width",
    "height",
    "reorder_depth",
    "color_range",
    "colorspace",
    "bits_per_coded_sample",
    "thread_count",
    "options",
)


def cut(clip: Path) -> bytes:
    info = probe(clip, limits=LIMITS)
    return cut_fragment(clip, info, plan_chunks(info)[0], limits=LIMITS)


def parts_of(fragment: bytes) -> tuple[FragmentHeader, list[FragmentPacket]]:
    header, packets = read_fragment(fragment, max_packets=1000)
    return header, list(packets)


@pytest.mark.parametrize("name", ["h264.ts", "av1.mp4", "mpeg4_b_frames.avi", "mjpeg.avi", "turned_90.mp4"])
def test_a_fragments_decoder_is_set_up_as_the_files(tmp_path: Path, name: str) -> None:
    clip = write_clip(tmp_path / name, EVERY_KIND[name])
    ours = open_fragment(cut(clip), limits=LIMITS)
    with enter_file(clip, seek_us=None, limits=LIMITS) as theirs:
        assert (ours.codec_name, ours.time_base, ours.rate) == (theirs.codec_name, theirs.time_base, theirs.rate)
        for setting in SETTINGS:
            assert getattr(ours.decoder, setting) == getattr(theirs.decoder, setting), setting


def test_packets_keep_their_times_flags_and_bytes(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4")
    with enter_file(clip, seek_us=None, limits=LIMITS) as video:
        theirs = [describe_packet(packet) for packet in video.packets]
    ours = [describe_packet(packet) for packet in open_fragment(cut(clip), limits=LIMITS).packets]
    assert len(ours) == 30
    assert ours == theirs


def test_discarding_and_new_parameter_sets_survive(tmp_path: Path) -> None:
    header, (first, *_) = parts_of(cut(write_clip(tmp_path / "clip.mp4")))
    odd = replace(first, is_discarded=True, is_corrupt=True, new_extradata=b"sets", pts=None)
    (packet,) = open_fragment(write_fragment(header, [odd]), limits=LIMITS).packets
    assert describe_packet(packet) == odd


def test_a_picture_that_is_only_to_be_decoded_is_not_counted(tmp_path: Path) -> None:
    header, packets = parts_of(cut(write_clip(tmp_path / "clip.mp4")))
    packets[3] = replace(packets[3], is_discarded=True)
    video = open_fragment(write_fragment(header, packets), limits=LIMITS)
    assert len(list(count_moments(video))) == 29


def test_a_display_matrix_travels_only_where_the_container_has_one(tmp_path: Path) -> None:
    upright = write_clip(tmp_path / "upright.mp4")
    turned = write_clip(tmp_path / "turned.mp4", EVERY_KIND["turned_90.mp4"])
    assert [len(parts_of(cut(clip))[0].display_matrix) for clip in (upright, turned)] == [0, 36]


def test_sound_does_not_travel(tmp_path: Path) -> None:
    _, packets = parts_of(cut(write_clip(tmp_path / "clip.ts", EVERY_KIND["h264.ts"])))
    assert len(packets) == 30


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"codec_name": "rawvideo"}, "a codec that is not read here \\('rawvideo'\\)"),
        ({"width_px": 100_000, "height_px": 100_000}, "100000x100000; at most 40,000,000 pixels"),
        ({"height_px": 0}, "64x0"),
        ({"codec_tag": b"\xff\xfe\xfd\xfc"}, "cannot be decoded"),
    ],
)
def test_a_fragment_that_no_decoder_should_be_given_is_refused(
    tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    header, packets = parts_of(cut(write_clip(tmp_path / "clip.mp4")))
    with pytest.raises(InputError, match=words):
        open_fragment(write_fragment(replace(header, **changes), packets), limits=LIMITS)


def test_a_fragment_larger_than_allowed_is_not_even_read() -> None:
    with pytest.raises(InputError, match="a fragment of 11 bytes; at most 10 are allowed"):
        open_fragment(b"x" * 11, limits=MediaLimits(max_fragment_bytes=10))


def test_damage_in_a_fragment_ends_the_span_in_one_clear_line(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4")
    info = probe(clip, limits=LIMITS)
    fragment = cut(clip)[:-1]
    with pytest.raises(InputError, match="a fragment of video is damaged"):
        list(SpanDecoder(fragment, info, plan_chunks(info)[0], sample_rate_hz=None, limits=LIMITS))
