"""A span decodes from its fragment exactly as from its file: the same frames, times, pixels and faults."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import av
import pytest
from av.bitstream import BitStreamFilterContext

from core.errors import InputError
from core.media import ChunkSpan, MediaInfo
from producer.planning import plan_chunks
from tests.clips import EVERY_KIND, X264_B_FRAMES, Recipe, damage_packet, hide_vp8_packet, write_clip
from video.decoding.decode import FaultCode, SpanDecoder
from video.fragments.fragment import cut_fragment
from video.fragments.fragment_format import read_fragment
from video.limits import MediaLimits
from video.probing.probe import probe

REAL_CLIPS = Path("/work/shared/videos")
LIMITS = MediaLimits()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """All that a span gives."""

    frames: list[tuple[int, int, str | None]]  # index, time, digest of the pixels
    faults: tuple[object, ...]


def decode(source: Path | bytes, info: MediaInfo, span: ChunkSpan) -> Outcome:
    decoder = SpanDecoder(source, info, span, sample_rate_hz=None, limits=LIMITS)
    frames = [(f.frame_index, f.pts_us, None if f.image is None else digest(f.image)) for f in decoder]
    return Outcome(frames=frames, faults=decoder.faults)


def digest(image: object) -> str:
    return sha256(repr(image.shape).encode() + image.tobytes()).hexdigest()


def compare(clip: Path, *, target_frames: int) -> list[Outcome]:
    """Check every chunk of a clip, and return what they gave."""
    info = probe(clip, limits=LIMITS)
    outcomes = []
    for span in plan_chunks(info, target_frames=target_frames):
        outcomes.append(decode(clip, info, span))
        assert decode(cut_fragment(clip, info, span, limits=LIMITS), info, span) == outcomes[-1], span
    return outcomes


@pytest.mark.parametrize("name", EVERY_KIND)
@pytest.mark.parametrize("target_frames", [1, 20])
def test_a_clip_of_every_kind(tmp_path: Path, name: str, target_frames: int) -> None:
    outcomes = compare(write_clip(tmp_path / name, EVERY_KIND[name]), target_frames=target_frames)
    assert sum(len(outcome.frames) for outcome in outcomes) == 30


@pytest.mark.skipif(not REAL_CLIPS.is_dir(), reason=f"the real clips are not at {REAL_CLIPS} on this machine")
@pytest.mark.parametrize("path", sorted(REAL_CLIPS.glob("*.m[op][4v]")), ids=lambda path: path.name)
def test_a_real_clip(path: Path) -> None:
    compare(path, target_frames=60)


def test_a_long_transport_stream_with_sound(tmp_path: Path) -> None:
    recipe = Recipe(options=X264_B_FRAMES, num_frames=400, with_sound=True)
    assert len(compare(write_clip(tmp_path / "long.ts", recipe), target_frames=60)) > 5


def test_hidden_frames_of_vp8(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "hidden.webm", EVERY_KIND["vp8.webm"])
    for packet_index in (5, 9, 11, 21):
        hide_vp8_packet(clip, packet_index)
    assert sum(len(outcome.frames) for outcome in compare(clip, target_frames=10)) == 26


def test_interlaced_fields(tmp_path: Path) -> None:
    options = {"g": "12", "bf": "2", "flags": "+ildct+ilme", "top": "1"}
    compare(write_clip(tmp_path / "fields.ts", Recipe(encoder="mpeg2video", options=options)), target_frames=10)


def num_packets(clip: Path, condition: Callable[[object], bool]) -> int:
    with av.open(str(clip)) as container:
        return sum(bool(condition(packet)) for packet in container.demux(video=0) if packet.size)


def test_pictures_that_say_themselves_how_they_are_turned(tmp_path: Path) -> None:
    upright = write_clip(tmp_path / "upright.mp4", Recipe(num_frames=40))
    clip = tmp_path / "says_so.mp4"
    with av.open(str(upright)) as container, av.open(str(clip), "w") as copy:
        stream = copy.add_stream_from_template(container.streams.video[0])
        turning = BitStreamFilterContext("h264_metadata=display_orientation=insert:rotate=90", stream, stream)
        for packet in [packet for packet in container.demux(video=0) if packet.size]:
            for turned in turning.filter(packet):
                turned.stream = stream
                copy.mux(turned)
    assert probe(clip, limits=LIMITS).rotation_degrees == 270
    compare(clip, target_frames=10)


def test_an_edit_list_that_begins_within_a_group_of_pictures(tmp_path: Path) -> None:
    times_ms = tuple(range(-200, 2200, 40))
    recipe = Recipe(times_ms=times_ms, num_frames=60, container_options={"avoid_negative_ts": "disabled"})
    clip = write_clip(tmp_path / "edited.mp4", recipe)
    assert num_packets(clip, lambda packet: packet.is_discard) == 5
    assert sum(len(outcome.frames) for outcome in compare(clip, target_frames=10)) == 55


def test_a_recording_that_does_not_begin_at_zero(tmp_path: Path) -> None:
    times_ms = tuple(range(7777, 7777 + 30 * 40, 40))
    clip = write_clip(tmp_path / "late.mkv", Recipe(times_ms=times_ms))
    assert compare(clip, target_frames=10)[0].frames[0][1] == 7_777_000


def test_a_recording_that_begins_before_zero(tmp_path: Path) -> None:
    times_ms = tuple(range(-7777, -7777 + 60 * 40, 40))
    clip = write_clip(
        tmp_path / "early.ts", Recipe(times_ms=times_ms, num_frames=60, container_options={"avoid_negative_ts": "0"})
    )
    compare(clip, target_frames=10)


def test_recordings_joined_end_to_end(tmp_path: Path) -> None:
    part = write_clip(tmp_path / "part.ts").read_bytes()
    (tmp_path / "joined.ts").write_bytes(part + part)
    compare(tmp_path / "joined.ts", target_frames=10)


def test_a_span_within_a_media_whose_times_are_estimated(tmp_path: Path) -> None:
    times_ms = tuple(range(10_000, 10_000 + 60 * 40, 40))  # which say nothing of where a span is
    part = write_clip(tmp_path / "part.ts", Recipe(num_frames=60, times_ms=times_ms)).read_bytes()
    clip = tmp_path / "joined.ts"
    clip.write_bytes(part + part)
    info = probe(clip, limits=LIMITS)
    (whole,) = plan_chunks(info)
    middle = replace(whole, start_us=70 * 40_000, end_us=75 * 40_000, first_frame_index=70, previous_pts_us=69 * 40_000)
    outcome = decode(clip, info, middle)
    assert (info.timestamps_estimated, len(outcome.frames)) == (True, 5)
    assert decode(cut_fragment(clip, info, middle, limits=LIMITS), info, middle) == outcome


def test_pictures_that_change_their_size(tmp_path: Path) -> None:
    small = write_clip(tmp_path / "small.ts", Recipe(num_frames=10)).read_bytes()
    large = write_clip(tmp_path / "large.ts", Recipe(num_frames=10, width_px=128, height_px=96)).read_bytes()
    (tmp_path / "growing.ts").write_bytes(small + large)
    compare(tmp_path / "growing.ts", target_frames=10)


@pytest.mark.parametrize("packet_index", [0, 12, 20, 21, 29])
@pytest.mark.parametrize("name", ["h264_b_frames_open_gop.mp4", "hevc_open_gop.mp4", "av1.mp4", "mpeg4.mov"])
def test_damaged_packets(tmp_path: Path, name: str, packet_index: int) -> None:
    clip = write_clip(tmp_path / name, EVERY_KIND[name])
    damage_packet(clip, packet_index, from_byte=10 if name == "mpeg4.mov" else 0)
    outcomes = compare(clip, target_frames=10)
    assert any(fault.code == FaultCode.UNDECODABLE for outcome in outcomes for fault in outcome.faults)


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "clip.ts", "clip.avi"])
@pytest.mark.parametrize("share", [0.9, 0.7])
def test_a_cut_off_file(tmp_path: Path, name: str, share: float) -> None:
    clip = write_clip(tmp_path / name, Recipe(num_frames=60, container_options=faststart(name)))
    clip.write_bytes(clip.read_bytes()[: int(clip.stat().st_size * share)])
    outcomes = compare(clip, target_frames=10)
    if name.endswith(("mp4", "mkv")):  # the others promise nothing
        assert outcomes[-1].faults[-1].code == FaultCode.TRUNCATED


def faststart(name: str) -> dict[str, str]:
    return {"movflags": "faststart"} if name.endswith("mp4") else {}


@pytest.mark.parametrize(("name", "encoder"), [("long.mp4", "libx264"), ("long.ts", "mpeg4")])
def test_a_cut_within_a_group_of_pictures(tmp_path: Path, name: str, encoder: str) -> None:
    clip = write_clip(tmp_path / name, Recipe(encoder=encoder, options={"g": "300", "bf": "2"}, num_frames=130))
    info = probe(clip, limits=LIMITS)
    (whole,) = plan_chunks(info, target_frames=10**9)
    times_us = [pts_us for _, pts_us, _ in decode(clip, info, whole).frames]
    middle = replace(
        whole, start_us=times_us[70], end_us=times_us[90], first_frame_index=70, previous_pts_us=times_us[69]
    )
    outcome = decode(clip, info, middle)
    assert len(outcome.frames) == 20
    assert decode(cut_fragment(clip, info, middle, limits=LIMITS), info, middle) == outcome


def test_a_fragment_holds_little_more_than_its_span(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", Recipe(num_frames=500, options={"g": "50", "sc_threshold": "0"}))
    info = probe(clip, limits=LIMITS)
    spans = plan_chunks(info, target_frames=100)
    fragments = [cut_fragment(clip, info, span, limits=LIMITS) for span in spans]
    nums_packets = [len(list(read_fragment(fragment, max_packets=1000)[1])) for fragment in fragments]
    assert [100 <= number <= 130 for number in nums_packets] == [True] * 5


def test_a_fragment_of_exactly_the_allowed_size_is_cut_and_opened(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", EVERY_KIND["turned_90.mp4"])
    info = probe(clip, limits=LIMITS)
    span = plan_chunks(info)[0]
    fragment = cut_fragment(clip, info, span, limits=LIMITS)
    exact = MediaLimits(max_fragment_bytes=len(fragment))
    assert cut_fragment(clip, info, span, limits=exact) == fragment
    assert len(list(SpanDecoder(fragment, info, span, sample_rate_hz=None, limits=exact))) == 30
    with pytest.raises(InputError, match="needs a fragment of more than"):
        cut_fragment(clip, info, span, limits=MediaLimits(max_fragment_bytes=len(fragment) - 1))


def test_a_span_too_large_for_a_fragment_is_one_clear_line(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4")
    info = probe(clip, limits=LIMITS)
    with pytest.raises(InputError, match=r"clip\.mp4 needs a fragment of more than 0 MB.*let the workers open"):
        cut_fragment(clip, info, plan_chunks(info)[0], limits=MediaLimits(max_fragment_bytes=1000))
