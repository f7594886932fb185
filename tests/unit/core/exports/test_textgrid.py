"""A TextGrid is what Praat reads, as an independent reader of the format finds it."""

import io
from pathlib import Path

import pytest
from praatio import textgrid

from core.errors import InputError
from core.exports.textgrid import write_textgrid
from core.timeline import TimelinePoint
from tests.factories import make_timeline, make_timeline_point


def nothing(start_seconds: float, **counts: int) -> TimelinePoint:
    """A bin without a counted reading."""
    empty = {"num_frames": 0, "num_face_frames": 0, "num_rejected_frames": 0, "num_faces": 0} | counts
    return make_timeline_point(start_seconds=start_seconds, probs=None, top=None, **empty)


def test_bins_of_one_emotion_are_one_interval_and_gaps_have_no_label(tmp_path: Path):
    points = (
        make_timeline_point(start_seconds=1.0, top="happy"),
        make_timeline_point(start_seconds=2.0, top="happy"),
        make_timeline_point(start_seconds=3.0, top="sad"),
        nothing(4.0),
        nothing(5.0, num_frames=2),
        nothing(6.0, num_frames=2, num_face_frames=2, num_rejected_frames=2),
        nothing(7.0, num_frames=2, num_undecodable_frames=2),
    )
    path = tmp_path / "clip.TextGrid"
    with path.open("w", encoding="utf-8") as file:
        write_textgrid(make_timeline(points=points, bin_us=1_000_000), file)
    grid = textgrid.openTextgrid(str(path), includeEmptyIntervals=True)
    assert [tuple(entry) for entry in grid.getTier("appears").entries] == [
        (1.0, 3.0, "happy"),
        (3.0, 4.0, "sad"),
        (4.0, 8.0, ""),
    ]
    assert [tuple(entry) for entry in grid.getTier("seen").entries] == [
        (1.0, 4.0, "read"),
        (4.0, 5.0, "not sampled"),
        (5.0, 6.0, "no face"),
        (6.0, 7.0, "rejected"),
        (7.0, 8.0, "undecodable"),
    ]


def test_one_bin_of_everything_is_refused():
    with pytest.raises(InputError, match="choose another --bin than whole"):
        write_textgrid(make_timeline(bin_us=None), io.StringIO())
