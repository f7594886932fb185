"""The main job on real clips with hand-read timelines, through the installed command. Skips where they are not."""

import json
import subprocess
from itertools import pairwise
from statistics import mean

import pytest

from tests.conftest import MOODLINE, REAL_CLIPS

pytestmark = pytest.mark.skipif(not REAL_CLIPS.exists(), reason="the real clips are not beside this checkout")


@pytest.fixture(scope="module")
def frames_of(tmp_path_factory):
    """Analyse a clip once; return its rows."""
    folder = tmp_path_factory.mktemp("real")
    seen = {}

    def frames(name):
        if name not in seen:
            subprocess.run([MOODLINE, "analyze", REAL_CLIPS / name, "--json"], cwd=folder, check=True)
            command = [MOODLINE, "frames", "--media", REAL_CLIPS / name]
            printed = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
            seen[name] = [json.loads(line) for line in printed.splitlines()]
        return seen[name]

    return frames


def tops(frames, start_seconds, end_seconds):
    """The largest face's emotion in each frame of a stretch that has a face."""
    return [
        frame["faces"][0]["top"]
        for frame in frames
        if start_seconds <= frame["pts_seconds"] < end_seconds and frame["faces"]
    ]


def happiness(frames, start_seconds, end_seconds):
    inside = [f for f in frames if start_seconds <= f["pts_seconds"] < end_seconds and f["faces"]]
    return mean(frame["faces"][0]["probs"]["happy"] for frame in inside)


def test_the_sad_woman_laughs_when_she_laughs(frames_of):
    frames = frames_of("sad_then_happy.mp4")
    assert len(frames) == 472
    assert sum(bool(frame["faces"]) for frame in frames) >= 0.95 * 472
    laughing, crying = tops(frames, 11, 19), tops(frames, 0, 9)
    assert laughing.count("happy") >= 0.9 * len(laughing)
    assert crying.count("happy") <= 0.1 * len(crying)


def test_the_talking_womans_smiles_stand_out(frames_of):
    frames = frames_of("woman_talking.mp4")
    assert len(frames) == 464
    smiles = [happiness(frames, *stretch) for stretch in ((0.5, 1.2), (2.8, 3.7), (4.2, 5.2), (10.8, 11.6))]
    serious = [happiness(frames, *stretch) for stretch in ((5.4, 10.3), (12.0, 14.5))]
    assert min(smiles) > 2 * max(serious)


def test_variable_rate_rows_have_their_own_times_and_nobody_after_the_cut(frames_of):
    frames = frames_of("vfr_face_then_none.mov")
    assert len(frames) == 169
    assert all(frame["faces"] for frame in frames[:72])
    assert not any(frame["faces"] for frame in frames[73:])
    steps = [round(b["pts_seconds"] - a["pts_seconds"], 4) for a, b in pairwise(frames)]
    assert {0.0333, 0.0417} <= set(steps)


def test_a_cartoon_title_has_a_row_a_frame_and_no_face(frames_of):
    frames = frames_of("no_face.mp4")
    assert len(frames) == 95
    assert {frame["status"] for frame in frames} == {"no_face"}
