"""Gaps stay gaps, long ones cut, and no session is on two sides."""

import numpy as np
import pytest

from core.errors import InputError
from tests.factories import make_probs, make_timeline_point
from tests.mood_series import wandering
from training.mood_sequence.series import MAX_BINS, MAX_GAP_BINS, MoodSeries, pieces_of, series_of, split_sessions


def make_series(is_seen) -> MoodSeries:
    return MoodSeries(session="s", probs=np.full((len(is_seen), 7), 1 / 7, np.float32), is_seen=np.array(is_seen, bool))


def test_a_bin_without_a_counted_reading_is_a_gap():
    points = [make_timeline_point(), make_timeline_point(start_seconds=1, probs=None, num_faces=0)]
    series = series_of(points, session="s")
    assert series.is_seen.tolist() == [True, False]
    assert series.probs[0] == pytest.approx(make_probs("happy"))


def test_an_empty_timeline_is_an_empty_sequence():
    assert pieces_of(series_of([], session="s")) == []


def test_long_gaps_cut_and_short_ones_do_not():
    seen = [True] * 20
    assert [len(piece.is_seen) for piece in pieces_of(make_series(seen + [False] * 30 + seen))] == [70]
    assert [len(piece.is_seen) for piece in pieces_of(make_series(seen + [False] * MAX_GAP_BINS + seen))] == [20, 20]


def test_pieces_are_no_longer_than_what_fits_and_none_holds_too_little():
    assert [len(piece.is_seen) for piece in pieces_of(make_series([True] * (2 * MAX_BINS + 5)))] == [MAX_BINS] * 2
    assert pieces_of(make_series([True] * 11)) == []


def test_whole_sessions_are_held_out():
    series = [wandering(f"s{number // 3}", number, num_bins=15) for number in range(60)]
    split = split_sessions(series, seed=1)
    sides = [{each.session for each in side} for side in (split.learned, split.watched, split.held_out)]
    assert [len(side) for side in sides] == [12, 3, 5]
    assert len(sides[0] | sides[1] | sides[2]) == 20  # nobody is on two
    assert sum(len(side) for side in (split.learned, split.watched, split.held_out)) == 60
    assert {each.session for each in split_sessions(series, seed=2).held_out} != sides[2]


def test_too_few_sessions_are_refused():
    with pytest.raises(InputError, match=r"needs 10 sessions .* and there are 9"):
        split_sessions([wandering(f"s{number}", number, num_bins=15) for number in range(9)], seed=0)
