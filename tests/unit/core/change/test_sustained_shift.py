"""CUSUM against the baseline: sums as Page's, a run with its dates and size, nothing where the baseline is poor."""

import numpy as np
import pytest

from core.change.sustained_shift import ALARM, Reference, reference_of, sustained_shift_of, sustained_statistics
from core.people.longitudinal import Estimate
from tests.session_series import make_baseline, make_series

OF_BASELINE = Estimate(mean=0.0, low=-0.1, high=0.1)
REFERENCE = Reference(low=-0.1, high=0.1, deviation=1.0)
TIMES_US = np.arange(20, dtype=np.int64)


def by_hand(values):
    """Page's recursion, step by step."""
    up = down = highest = 0.0
    for value in values:
        up = max(0.0, up + value - 0.1 - 0.5)
        down = max(0.0, down - 0.1 - value - 0.5)
        highest = max(highest, up, down)
    return highest


def test_sums_are_pages():
    for seed in range(20):
        values = np.random.default_rng(seed).normal(0, 2, 20)
        [height] = sustained_statistics(values, REFERENCE, np.arange(20)[None])
        assert height == pytest.approx(by_hand(values))


def test_a_run_away_from_the_baseline_is_told_with_dates_and_size():
    values = np.zeros(20)
    values[8:14] = -2.0
    run = sustained_shift_of(TIMES_US, values, REFERENCE, OF_BASELINE)
    assert run is not None
    assert (run.from_us, run.until_us, run.num_sessions) == (8, 13, 6)
    assert run.size.mean == -2.0
    assert run.size.high == pytest.approx(-1.9)  # the baseline's own uncertainty
    assert run.height == pytest.approx(6 * 1.4)


def test_a_sum_that_stays_below_the_alarm_is_no_run():
    values = np.zeros(20)
    values[8:11] = 2.0
    assert ALARM > 3 * 1.4
    assert sustained_shift_of(TIMES_US, values, REFERENCE, OF_BASELINE) is None


def test_the_reference_has_the_deviation_of_the_baselines_sessions():
    series = make_series(np.random.default_rng(0).normal(0, 0.2, 12))
    found = reference_of(make_baseline(series), "valence")
    assert found is not None
    assert found.deviation == pytest.approx(series.values[:8, -1].std(ddof=1))


def test_a_baseline_of_too_few_or_equal_sessions_is_no_reference():
    series = make_series(np.random.default_rng(0).normal(0, 0.2, 12))
    assert reference_of(make_baseline(series, num_sessions=4), "valence") is None
    assert reference_of(make_baseline(series), "angry") is None  # constant
