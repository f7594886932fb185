"""Shifts are found where they were planted, as large as they were; a dip is two; noise is none."""

import numpy as np
import pytest

from core.change.level_shifts import shift_statistics, shifts_of
from core.change.shuffles import p_values, shuffles
from tests.session_series import day_us

NUM = 50
TIMES_US = np.array([day_us(7 * index) for index in range(NUM)], dtype=np.int64)


def found_in(values, *, seed=0):
    return shifts_of(TIMES_US, values, [None] * NUM, alpha=0.05, num_shuffles=999, seed=seed)


def test_a_step_is_found_at_its_date_with_its_size():
    values = np.random.default_rng(1).normal(0.3, 0.05, NUM)
    values[30:] += 0.2
    [shift] = found_in(values)
    assert TIMES_US[29] < shift.at_us < TIMES_US[30]
    assert shift.not_before_us <= TIMES_US[29]
    assert shift.not_after_us >= TIMES_US[30]
    assert shift.size.low < 0.2 < shift.size.high
    assert (shift.size.num_first, shift.size.num_second) == (30, 20)


def test_intervals_of_dates_hold_the_planted_date_nine_times_in_ten():
    held = num_found = 0
    for seed in range(60):
        values = np.random.default_rng(seed).normal(0, 1, NUM)
        values[25:] += 2
        for shift in found_in(values, seed=seed)[:1]:
            num_found += 1
            held += shift.not_before_us <= TIMES_US[24] and TIMES_US[25] <= shift.not_after_us
    assert num_found == 60
    assert held >= 54


def test_a_dip_is_two_shifts_and_stands_out_among_shuffled_sessions():
    values = np.random.default_rng(2).normal(0.5, 0.05, NUM)
    values[20:28] -= 0.15
    shifts = found_in(values)
    assert [np.sign(shift.size.difference) for shift in shifts] == [-1, 1]
    orders = shuffles([None] * NUM, 999, seed=0)
    assert p_values(shift_statistics(values, orders)[None])[0, 0] == 1 / 1000


def test_noise_holds_hardly_any_shift():
    num_found = sum(bool(found_in(np.random.default_rng(seed).normal(0, 1, NUM))) for seed in range(40))
    assert num_found <= 6  # each was asked at .05, without the question before it whether there is any


def test_the_statistic_is_a_share_and_zero_where_nothing_varies():
    orders = shuffles([None] * NUM, 50, seed=0)
    values = np.repeat([0.0, 1.0], NUM // 2)
    assert shift_statistics(values, orders)[0] == pytest.approx(1.0)
    assert shift_statistics(np.ones(NUM), orders).tolist() == [0.0] * 51


def test_long_records_are_asked_at_a_hundred_borders():
    values = np.random.default_rng(3).normal(0, 1, 700)
    values[350:] += 1
    orders = shuffles([None] * 700, 200, seed=0)
    assert p_values(shift_statistics(values, orders)[None])[0, 0] == pytest.approx(1 / 201)
