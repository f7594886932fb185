"""Counts and times of real recordings, which stay outside the repository."""

from pathlib import Path

import av
import pytest

from tests.decoding import WHOLE, decode_file
from video.limits import MediaLimits
from video.probing.probe import probe

CLIPS = Path("/work/shared/videos")
NUM_FRAMES = {
    "sad_then_happy.mp4": 472,
    "woman_talking.mp4": 464,
    "woman_phone.mp4": 115,
    "vfr_face_then_none.mov": 169,
    "no_face.mp4": 95,
    "crowd_1080p.mp4": 105,
}

pytestmark = pytest.mark.skipif(not CLIPS.is_dir(), reason=f"the real clips are not at {CLIPS} on this machine")


@pytest.mark.parametrize("name", NUM_FRAMES)
def test_the_probe_counts_the_frames_that_decode(name: str) -> None:
    info = probe(CLIPS / name, limits=MediaLimits())
    assert (info.num_packets, info.start_us, info.truncated_at_us) == (NUM_FRAMES[name], 0, None)


@pytest.mark.parametrize("name", ["no_face.mp4", "vfr_face_then_none.mov", "woman_phone.mp4"])
def test_a_real_clip_decodes_the_same_whole_and_in_chunks(name: str) -> None:
    whole = decode_file(CLIPS / name, target_frames=WHOLE)
    cut = decode_file(CLIPS / name, target_frames=20)
    assert len(whole.frames) == NUM_FRAMES[name]
    assert [hash(item) for item in cut.content] == [hash(item) for item in whole.content]
    assert (whole.faults, cut.faults) == ((), ())


def test_a_variable_rate_clip_has_the_times_of_its_container() -> None:
    with av.open(str(CLIPS / "vfr_face_then_none.mov")) as container:
        expected = [frame.time for frame in container.decode(video=0)]
    decoded = decode_file(CLIPS / "vfr_face_then_none.mov")
    assert max(abs(a / 1e6 - b) for a, b in zip(decoded.times_us, expected, strict=True)) < 1e-6
