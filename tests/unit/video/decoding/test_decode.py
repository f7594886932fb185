"""A span decodes to the right frames at the right times, however the media was cut."""

from dataclasses import replace
from pathlib import Path

import av
import pytest

from core.errors import InputError
from core.media import ChunkSpan, MediaInfo
from producer.planning import plan_chunks
from tests.clips import EVERY_KIND, VARIABLE_TIMES_MS, X264_B_FRAMES, X265_OPEN_GOP, Recipe, damage_packet, write_clip
from tests.decoding import WHOLE, decode_file
from video.decoding.decode import FaultCode, SpanDecoder
from video.limits import MediaLimits

NUMBERS = list(range(30))


@pytest.mark.parametrize("name", EVERY_KIND)
def test_every_frame_comes_out_once_upright_and_the_same_however_the_media_is_cut(tmp_path: Path, name: str) -> None:
    clip = write_clip(tmp_path / name, EVERY_KIND[name])
    whole = decode_file(clip)
    assert whole.numbers == NUMBERS
    assert [frame.frame_index for frame in whole.frames] == NUMBERS
    assert whole.faults == ()

    cut = decode_file(clip, target_frames=10)
    assert cut.content == whole.content
    assert cut.faults == ()
    assert cut.num_chunks > 1 or cut.info.timestamps_estimated


@pytest.mark.parametrize("encoder", ["mpeg2video", "libx264"])
def test_a_long_transport_stream_is_entered_anywhere_and_gives_the_same_pictures(tmp_path: Path, encoder: str) -> None:
    options = {"bf": "2", "g": "12"} if encoder == "mpeg2video" else X264_B_FRAMES
    clip = write_clip(tmp_path / "long.ts", Recipe(encoder=encoder, options=options, num_frames=400, with_sound=True))
    whole = decode_file(clip)
    assert whole.numbers == list(range(400))
    cut = decode_file(clip, target_frames=60)
    assert cut.num_chunks > 5
    assert cut.content == whole.content


@pytest.mark.parametrize("name", ["h264_variable_rate.mp4", "h264_variable_rate.mkv"])
def test_times_are_the_containers_and_not_counted_from_a_rate(tmp_path: Path, name: str) -> None:
    decoded = decode_file(write_clip(tmp_path / name, EVERY_KIND[name]))
    shift_us = decoded.times_us[0] - VARIABLE_TIMES_MS[0] * 1000
    errors_us = [t - shift_us - ms * 1000 for t, ms in zip(decoded.times_us, VARIABLE_TIMES_MS, strict=True)]
    assert max(map(abs, errors_us)) < 1000


@pytest.mark.parametrize("rate_hz", [1.0, 3.0, 12.5, 24.0])
def test_sampled_frames_are_the_same_however_the_media_is_cut(tmp_path: Path, rate_hz: float) -> None:
    clip = write_clip(tmp_path / "vfr.mp4", EVERY_KIND["h264_variable_rate.mp4"])
    whole = decode_file(clip, sample_rate_hz=rate_hz)
    assert 2 <= len(whole.frames) < 30
    assert decode_file(clip, sample_rate_hz=rate_hz, target_frames=10).content == whole.content
    assert whole.numbers == [frame.frame_index for frame in whole.frames]


@pytest.mark.parametrize(("name", "encoder"), [("long.mp4", "libx264"), ("long.ts", "mpeg4")])
def test_a_group_of_pictures_may_be_cut_inside(tmp_path: Path, name: str, encoder: str) -> None:
    # In a transport stream, a seek lands within the group: two seconds before the cut, where no key frame is.
    clip = write_clip(tmp_path / name, Recipe(encoder=encoder, options={"g": "300", "bf": "2"}, num_frames=130))
    whole = decode_file(clip)
    span = plan_one(whole.info)
    middle = replace(span, start_us=whole.times_us[113], first_frame_index=113, previous_pts_us=whole.times_us[112])
    frames = list(SpanDecoder(clip, whole.info, middle, sample_rate_hz=None, limits=MediaLimits()))
    assert [f.pts_us for f in frames] == whole.times_us[113:]
    assert [f.image.tobytes() for f in frames] == [f.image.tobytes() for f in whole.frames[113:]]


def test_recordings_joined_end_to_end_are_decoded_in_the_order_of_the_file(tmp_path: Path) -> None:
    part = write_clip(tmp_path / "part.ts").read_bytes()
    (tmp_path / "joined.ts").write_bytes(part + part)
    assert decode_file(tmp_path / "joined.ts").numbers == NUMBERS + NUMBERS


def plan_one(info: MediaInfo) -> ChunkSpan:
    (span,) = plan_chunks(info, target_frames=WHOLE)
    return span


@pytest.mark.parametrize("encoder", ["libx264", "libx265", "libsvtav1"])
def test_a_damaged_frame_is_undecodable_at_its_own_time_and_decoding_goes_on(tmp_path: Path, encoder: str) -> None:
    options = {"libx264": X264_B_FRAMES, "libx265": X265_OPEN_GOP, "libsvtav1": {"preset": "12", "g": "10"}}[encoder]
    clip = write_clip(tmp_path / "clip.mp4", Recipe(encoder=encoder, options=options))
    healthy = decode_file(clip)
    damage_packet(clip, 12)
    damaged = decode_file(clip)
    assert damaged.times_us == healthy.times_us
    assert [f.frame_index for f in damaged.frames] == NUMBERS
    assert None in damaged.numbers[10:20]
    assert damaged.numbers[:10] + damaged.numbers[20:] == NUMBERS[:10] + NUMBERS[20:]
    assert {fault.code for fault in damaged.faults} == {FaultCode.UNDECODABLE}
    first = damaged.numbers.index(None)
    assert (damaged.faults[0].pts_us, "\n" in damaged.faults[0].message) == (first * 40_000, False)


def test_a_picture_that_the_decoder_marks_as_damaged_is_undecodable(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mov", EVERY_KIND["mpeg4.mov"])
    damage_packet(clip, 12, from_byte=10)
    damaged = decode_file(clip)
    assert damaged.numbers[12] is None
    assert "marked the picture as damaged" in damaged.faults[0].message


def test_undecodable_frames_in_a_row_are_one_fault(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", Recipe(encoder="libx265", options=X265_OPEN_GOP))
    damage_packet(clip, 0)
    (fault,) = decode_file(clip).faults
    assert fault.message.startswith("10 frames from 0.000 s: ")


def test_a_cut_off_file_gives_its_good_frames_and_one_fault(tmp_path: Path) -> None:
    # Without B frames: with them, the last good packets leave holes before the last good frame.
    recipe = Recipe(options={"g": "10", "bf": "0"}, container_options={"movflags": "faststart"})
    clip = write_clip(tmp_path / "clip.mp4", recipe)
    clip.write_bytes(clip.read_bytes()[: int(clip.stat().st_size * 0.95)])
    decoded = decode_file(clip, target_frames=10)
    assert 15 < len(decoded.frames) < 30
    assert decoded.numbers == list(range(len(decoded.frames)))
    (fault,) = decoded.faults
    assert (fault.code, fault.pts_us) == (FaultCode.TRUNCATED, decoded.info.truncated_at_us)


def test_a_file_that_was_cut_off_after_its_probe_is_reported(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.ts")
    info = decode_file(clip).info
    clip.write_bytes(clip.read_bytes()[: clip.stat().st_size // 2])
    decoder = SpanDecoder(clip, info, plan_one(info), sample_rate_hz=None, limits=MediaLimits())
    frames = list(decoder)
    assert 5 < len(frames) < 30
    assert decoder.faults[-1].code == FaultCode.TRUNCATED


def test_a_file_that_vanished_after_its_probe_is_an_input_error(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4")
    info = decode_file(clip).info
    clip.unlink()
    with pytest.raises(InputError, match="no such file"):
        list(SpanDecoder(clip, info, plan_one(info), sample_rate_hz=None, limits=MediaLimits()))


def write_growing(tmp_path: Path) -> Path:
    small = write_clip(tmp_path / "small.h264", Recipe(num_frames=10)).read_bytes()
    large = write_clip(tmp_path / "large.h264", Recipe(num_frames=10, width_px=128, height_px=96)).read_bytes()
    (tmp_path / "growing.h264").write_bytes(small + large)
    return tmp_path / "growing.h264"


def test_pictures_may_change_their_size_in_mid_stream(tmp_path: Path) -> None:
    decoded = decode_file(write_growing(tmp_path))
    assert decoded.numbers == [*range(10), *range(10)]
    sizes = [frame.image.shape[:2] for frame in decoded.frames if frame.image is not None]
    assert sizes == [(48, 64)] * 10 + [(96, 128)] * 10


def test_pictures_that_grow_beyond_the_limit_in_mid_stream_are_not_decoded(tmp_path: Path) -> None:
    limits = MediaLimits(max_pixels=100 * 80)
    decoded = decode_file(write_growing(tmp_path), limits=limits)
    assert decoded.numbers[:10] == list(range(10))
    assert decoded.numbers[10:] == [None] * 10


def test_two_frames_of_one_time_are_one_frame(tmp_path: Path) -> None:
    recipe = Recipe(num_frames=4, times_ms=(0, 40, 80, 120), options={"g": "30", "bf": "0"})
    source = write_clip(tmp_path / "source.mkv", recipe)
    with av.open(str(source)) as container, av.open(str(tmp_path / "twice.mkv"), "w") as twice:
        stream = twice.add_stream_from_template(container.streams.video[0])
        for packet in [packet for packet in container.demux(video=0) if packet.size]:
            packet.pts = packet.dts = 40 if packet.pts == 80 else packet.pts
            packet.stream = stream
            twice.mux(packet)
    decoded = decode_file(tmp_path / "twice.mkv")
    assert decoded.times_us == [0, 40_000, 120_000]
    assert decoded.numbers == [0, 1, 3]
    assert decoded.info.num_packets == 3


def test_iterating_twice_gives_the_same_frames_and_faults(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4")
    damage_packet(clip, 12)
    info = decode_file(clip).info
    decoder = SpanDecoder(clip, info, plan_one(info), sample_rate_hz=None, limits=MediaLimits())
    first = [frame.pts_us for frame in decoder], decoder.faults
    assert ([frame.pts_us for frame in decoder], decoder.faults) == first


def test_a_stream_that_claims_impossible_colours_has_undecodable_frames(tmp_path: Path) -> None:
    params = X264_B_FRAMES["x264-params"] + ":colormatrix=ICtCp"
    decoded = decode_file(write_clip(tmp_path / "clip.mp4", Recipe(options={**X264_B_FRAMES, "x264-params": params})))
    assert decoded.numbers == [None] * 30
    (fault,) = decoded.faults
    assert (fault.code, "cannot be made RGB" in fault.message) == (FaultCode.UNDECODABLE, True)
