"""A healthy file never looks cut off, and one that lacks its last byte always does."""

from pathlib import Path

import av
import pytest

from tests.clips import Recipe, write_clip
from tests.decoding import decode_file
from video.limits import MediaLimits
from video.opening import open_video
from video.probing.truncation import promises_more_bytes

pytestmark = pytest.mark.thorough

MJPEG = Recipe(encoder="mjpeg", options={}, pix_fmt="yuvj420p")
LIVE = {"live": "1"}


def promises_more(path: Path) -> bool:
    with open_video(path, limits=MediaLimits()) as video:
        return promises_more_bytes(video)


@pytest.mark.parametrize(
    ("name", "recipe"),
    [
        ("clip.mp4", Recipe()),
        ("clip.mov", Recipe(with_sound=True)),
        ("fragments.mp4", Recipe(container_options={"movflags": "frag_keyframe+empty_moov"})),
        ("clip.mkv", Recipe(with_sound=True)),
        ("live.mkv", Recipe(container_options=LIVE)),
        ("clip.avi", MJPEG),
        ("clip.ts", Recipe()),
        ("clip.h264", Recipe()),
    ],
)
def test_a_healthy_file_promises_no_more_than_it_holds(tmp_path: Path, name: str, recipe: Recipe) -> None:
    assert not promises_more(write_clip(tmp_path / name, recipe))


def test_an_index_that_lists_frames_beyond_the_end_promises_more_even_where_the_cut_is_between_frames(
    tmp_path: Path,
) -> None:
    recipe = Recipe(container_options={"movflags": "faststart"})
    clip = write_clip(tmp_path / "clip.mp4", recipe)
    with av.open(str(clip)) as container:
        position = [packet.pos for packet in container.demux(video=0) if packet.size][20]
    clip.write_bytes(clip.read_bytes()[:position])
    assert promises_more(clip)
    assert decode_file(clip).info.num_packets == 20


@pytest.mark.parametrize("name", ["clip.mkv", "clip.webm"])
def test_a_matroska_file_without_its_last_byte_promises_more(tmp_path: Path, name: str) -> None:
    clip = write_clip(tmp_path / name, Recipe(encoder="libvpx", options={"deadline": "realtime"}))
    clip.write_bytes(clip.read_bytes()[:-1])
    assert promises_more(clip)


def test_a_live_recording_of_unknown_size_may_end_anywhere(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "live.mkv", Recipe(container_options=LIVE))
    clip.write_bytes(clip.read_bytes()[:-100])
    assert not promises_more(clip)
