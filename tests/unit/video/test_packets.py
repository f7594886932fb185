"""Which packets are frames to be shown."""

from pathlib import Path

import numpy as np

from tests.clips import Recipe, hide_vp8_packet, write_clip
from tests.decoding import decode_file


def test_a_hidden_reference_frame_of_vp8_is_no_frame_of_the_media(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.webm", Recipe(encoder="libvpx", options={"g": "10"}, num_frames=12))
    hide_vp8_packet(clip, 5)
    decoded = decode_file(clip)
    assert decoded.info.num_packets == 11
    assert decoded.numbers == [n for n in range(12) if n != 5]
    assert decoded.faults == ()


def test_frames_before_an_edit_lists_start_are_not_shown(tmp_path: Path) -> None:
    times_ms = tuple(range(-200, 1000, 40))
    recipe = Recipe(times_ms=times_ms, container_options={"avoid_negative_ts": "disabled"})
    decoded = decode_file(write_clip(tmp_path / "trimmed.mp4", recipe))
    assert decoded.info.num_packets == len(decoded.frames) == 25
    assert decoded.numbers == list(range(5, 30))
    assert np.all(np.diff(decoded.times_us) > 0)
