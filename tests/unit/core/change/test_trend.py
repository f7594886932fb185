"""Slopes are per 30 days, their interval holds what was planted, odd sessions do not move them."""

import numpy as np
import pytest

from core.change.shuffles import p_values, shuffles
from core.change.trend import trend_of, trend_statistics
from tests.session_series import day_us

DAYS = np.arange(0, 360, 9.0)
TIMES_US = np.array([day_us(day) for day in DAYS], dtype=np.int64)


def test_a_line_is_found_as_it_is():
    found = trend_of(TIMES_US, 0.2 + 0.01 * DAYS / 30)
    assert (found.slope, found.low, found.high) == pytest.approx((0.01,) * 3)
    assert (found.first_value, found.last_value) == pytest.approx((0.2, 0.2 + 0.01 * DAYS[-1] / 30))


def test_the_interval_holds_the_planted_slope_as_often_as_promised():
    held = 0
    for seed in range(200):
        draw = np.random.default_rng(seed)
        found = trend_of(TIMES_US, 0.02 * DAYS / 30 + draw.normal(0, 0.1, len(DAYS)))
        held += found.low <= 0.02 <= found.high
    assert 180 <= held <= 200


def test_a_few_odd_sessions_do_not_move_the_slope():
    values = 0.2 + 0.01 * DAYS / 30
    values[[3, 20, 37]] += [5.0, -7.0, 9.0]
    assert trend_of(TIMES_US, values).slope == pytest.approx(0.01, abs=0.002)


def test_a_trend_stands_out_among_shuffled_sessions():
    draw = np.random.default_rng(1)
    values = 0.03 * DAYS / 30 + draw.normal(0, 0.1, len(DAYS))
    orders = shuffles([None] * len(values), 999, seed=0)
    assert p_values(trend_statistics(values, orders)[None])[0, 0] == 1 / 1000


def test_a_record_that_never_moves_has_no_trend():
    orders = shuffles([None] * len(DAYS), 20, seed=0)
    assert trend_statistics(np.full(len(DAYS), 0.5), orders).tolist() == [0.0] * 21
