"""A probe counts and times what is in the file, and refuses what is not a video with one clear line."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import InputError
from tests.clips import X265_OPEN_GOP, Recipe, write_clip, write_picture, write_sound
from video.limits import MediaLimits
from video.probing.probe import probe

LIMITS = MediaLimits()
FAST_START = {"movflags": "faststart"}


def test_a_probe_tells_size_hash_counts_and_times(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4")
    info = probe(clip, limits=LIMITS)
    assert info.sha256 == hashlib.sha256(clip.read_bytes()).hexdigest()
    assert info.size_bytes == clip.stat().st_size
    assert (info.codec_name, info.width_px, info.height_px, info.rotation_degrees) == ("h264", 64, 48, 0)
    assert (info.num_packets, info.start_us, info.end_us) == (30, 0, 29 * 40_000)
    assert (info.timestamps_estimated, info.truncated_at_us) == (False, None)


def test_cut_points_are_the_key_frames(tmp_path: Path) -> None:
    info = probe(write_clip(tmp_path / "clip.mp4"), limits=LIMITS)
    assert [cut.frame_index for cut in info.cut_points][:1] == [0]
    assert len(info.cut_points) == 3
    assert all(cut.pts_us == cut.frame_index * 40_000 for cut in info.cut_points)


def test_a_variable_rate_is_timed_frame_by_frame(tmp_path: Path) -> None:
    times_ms = (0, 10, 50, 51, 400, 1000, 1007, 3000)
    info = probe(write_clip(tmp_path / "vfr.mkv", Recipe(num_frames=8, times_ms=times_ms)), limits=LIMITS)
    assert (info.num_packets, info.start_us, info.end_us) == (8, 0, 3_000_000)


def test_size_is_told_upright_and_the_turn_clockwise(tmp_path: Path) -> None:
    info = probe(write_clip(tmp_path / "r.mp4", Recipe(rotation_degrees=90)), limits=LIMITS)
    assert (info.width_px, info.height_px, info.rotation_degrees) == (64, 48, 270)


@pytest.mark.parametrize(
    ("name", "recipe"),
    [
        ("raw.h264", Recipe()),
        ("raw.hevc", Recipe(encoder="libx265", options=X265_OPEN_GOP)),
        ("b_frames.avi", Recipe(encoder="mpeg4", options={"bf": "2", "g": "10"})),
        ("h264.avi", Recipe()),
    ],
)
def test_a_stream_without_times_is_timed_by_its_rate_and_says_so(tmp_path: Path, name: str, recipe: Recipe) -> None:
    info = probe(write_clip(tmp_path / name, recipe), limits=LIMITS)
    assert (info.timestamps_estimated, info.num_packets, info.end_us) == (True, 30, 29 * 40_000)


def test_recordings_joined_end_to_end_are_counted_whole_with_estimated_times(tmp_path: Path) -> None:
    part = write_clip(tmp_path / "part.ts").read_bytes()
    (tmp_path / "joined.ts").write_bytes(part + part)
    info = probe(tmp_path / "joined.ts", limits=LIMITS)
    assert (info.num_packets, info.timestamps_estimated) == (60, True)


def test_sound_beside_the_picture_changes_nothing(tmp_path: Path) -> None:
    assert probe(write_clip(tmp_path / "clip.mp4", Recipe(with_sound=True)), limits=LIMITS).num_packets == 30


@pytest.mark.parametrize(("name", "kept"), [("cut.mp4", 0.9), ("cut.mkv", 0.9), ("cut.webm", 0.6), ("cut.avi", 0.6)])
def test_a_file_cut_off_says_from_when_on_it_is_missing(tmp_path: Path, name: str, kept: float) -> None:
    recipes = {
        ".webm": Recipe(encoder="libvpx", options={"g": "10"}),
        ".avi": Recipe(encoder="mjpeg", options={}, pix_fmt="yuvj420p"),
    }
    recipe = replace(recipes.get(Path(name).suffix, Recipe()), container_options=FAST_START if ".mp4" in name else {})
    clip = write_clip(tmp_path / name, recipe)
    clip.write_bytes(clip.read_bytes()[: int(clip.stat().st_size * kept)])
    info = probe(clip, limits=LIMITS)
    assert 5 < info.num_packets < 30
    assert info.truncated_at_us == info.end_us + 40_000


def write_text(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def write_bytes(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def write_directory(path: Path) -> Path:
    path.mkdir()
    return path


def write_without_index(path: Path) -> Path:
    clip = write_clip(path)
    return write_bytes(path, clip.read_bytes()[: clip.stat().st_size // 2])


BAD_INPUTS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing.mp4": (lambda path: path, "no such file"),
    "folder.mp4": (write_directory, "is a directory"),
    "empty.mp4": (lambda path: write_bytes(path, b""), "is empty (0 bytes)"),
    "random.mp4": (lambda path: write_bytes(path, bytes(i * 7919 % 251 for i in range(9999))), "not a video that can"),
    "notes.mp4": (lambda path: write_text(path, "Dear diary, today é\n" * 5000), "is a text file, not a video"),
    "photo.png": (write_picture, "is a picture (PNG), not a video; use `moodline faces`"),
    "photo.mp4": (lambda path: write_picture(path, encoder="mjpeg"), "is a picture (JPEG)"),
    "moving.gif": (lambda path: write_bytes(path, b"GIF89a" + bytes(99)), "is a picture (GIF)"),
    "photo.webp": (lambda path: write_bytes(path, b"RIFF\0\0\0\0WEBPVP8 "), "is a picture (WebP)"),
    "phone.heic": (lambda path: write_bytes(path, b"\0\0\0\x18ftypheic" + bytes(99)), "is a picture (HEIF)"),
    "voice.m4a": (write_sound, "has no picture (it holds only audio)"),
    "voice.wav": (lambda path: write_bytes(path, b"RIFF\0\0\0\0WAVEfmt "), "has sound (WAV) but no"),
    "cut.mp4": (write_without_index, "the recording was cut off before its index was written"),
    "list.m3u8": (
        lambda path: write_text(path, "#EXTM3U\n#EXTINF:1,\nfile:///etc/secret.ts\n"),
        "points to other files",
    ),
    "list.mp4": (lambda path: write_text(path, "ffconcat version 1.0\nfile base.mp4\n"), "points to other files"),
    "list.mpd": (lambda path: write_text(path, '<?xml version="1.0"?>\n<MPD><BaseURL>x'), "points to other files"),
    "lossless.mkv": (lambda path: write_clip(path, Recipe(encoder="ffv1", options={})), "not read here (ffv1)"),
    "film.ogv": (lambda path: write_bytes(path, b"OggS" + bytes(99)), "is an Ogg file"),
    "two\nlines.mp4": (lambda path: write_bytes(path, b""), "two\\nlines.mp4 is empty"),
    "nul\0.mp4": (lambda path: path, "cannot be read"),
}


@pytest.mark.parametrize("name", BAD_INPUTS)
def test_what_is_no_video_is_refused_in_one_line_that_names_it(tmp_path: Path, name: str) -> None:
    make, expected = BAD_INPUTS[name]
    with pytest.raises(InputError) as refusal:
        probe(make(tmp_path / name), limits=LIMITS)
    message = str(refusal.value)
    assert expected in message
    assert str(tmp_path) in message
    assert message.isprintable()  # one line


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(InputError, match="not a regular file"):
        probe(tmp_path / "pipe.mp4", limits=LIMITS)


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", deny)  # the tests may run as root, who may read everything
    with pytest.raises(InputError, match="may not be read by this user"):
        probe(write_clip(tmp_path / "clip.mp4"), limits=LIMITS)


def test_a_name_that_looks_like_a_protocol_is_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = write_clip(tmp_path / "clip.mp4")
    monkeypatch.chdir(tmp_path)
    clip.rename("concat:a|b.mp4")
    assert probe(Path("concat:a|b.mp4"), limits=LIMITS).num_packets == 30


LIMITS_BROKEN: dict[str, tuple[MediaLimits, str]] = {
    "pixels": (replace(LIMITS, max_pixels=64 * 48 - 1), "64x48; at most 3,071 pixels"),
    "frames": (replace(LIMITS, max_frames=29), "more than 29 frames; cut"),
    "rate": (replace(LIMITS, max_fps=10), "more than 10 frames a second"),
    "duration": (replace(LIMITS, max_duration_seconds=1), "is longer than"),
}


@pytest.mark.parametrize("container", ["mp4", "h264"])
@pytest.mark.parametrize("broken", LIMITS_BROKEN)
def test_more_than_a_limit_allows_is_refused(tmp_path: Path, broken: str, container: str) -> None:
    limits, expected = LIMITS_BROKEN[broken]
    with pytest.raises(InputError) as refusal:
        probe(write_clip(tmp_path / f"clip.{container}"), limits=limits)
    assert expected in str(refusal.value)


def test_what_a_limit_just_allows_is_read(tmp_path: Path) -> None:
    limits = replace(LIMITS, max_pixels=64 * 48, max_frames=30, max_fps=25, max_duration_seconds=2)
    assert probe(write_clip(tmp_path / "clip.mp4", Recipe()), limits=limits).num_packets == 30


def test_a_few_frames_close_together_are_not_a_high_rate(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "burst.mkv", Recipe(num_frames=10, times_ms=tuple(range(10))))
    assert probe(clip, limits=LIMITS).num_packets == 10


def test_a_thousand_frames_a_second_are_refused_before_the_file_is_read_to_its_end(tmp_path: Path) -> None:
    recipe = Recipe(num_frames=600, times_ms=tuple(range(600)), options={"preset": "ultrafast"})
    clip = write_clip(tmp_path / "fast.mkv", recipe)
    with pytest.raises(InputError, match="more than 240 frames a second"):
        probe(clip, limits=replace(LIMITS, max_frames=500))  # at frame 501, the other limit would speak
