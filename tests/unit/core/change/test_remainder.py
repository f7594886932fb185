"""A line is told from steps by what they leave unexplained, and neighbours that resemble each other are seen."""

import numpy as np
import pytest

from core.change.level_shifts import shifts_of
from core.change.remainder import Shape, after_line, after_steps, autocorrelation, shape_of
from core.change.trend import trend_of
from tests.session_series import day_us

TIMES_US = np.array([day_us(7 * index) for index in range(50)], dtype=np.int64)
NOISE = np.random.default_rng(2).normal(0, 0.05, 50)


def shape(values) -> Shape:
    line = after_line(TIMES_US, values, trend_of(TIMES_US, values))
    shifts = shifts_of(TIMES_US, values, [None] * 50, alpha=0.05, num_shuffles=199, seed=0)
    return shape_of(line, after_steps(TIMES_US, values, shifts), num_shifts=len(shifts))


def test_a_line_is_a_line_and_a_step_is_a_step():
    assert shape(np.linspace(0, 0.5, 50) + NOISE) is Shape.LINE
    assert shape(np.repeat([0.0, 0.3], 25) + NOISE) is Shape.STEPS


def test_nothing_is_left_of_an_exact_line_and_exact_steps():
    line = np.linspace(0, 0.5, 50)
    assert after_line(TIMES_US, line, trend_of(TIMES_US, line)) == pytest.approx(np.zeros(50), abs=1e-9)
    steps = np.repeat([0.0, 0.3], 25)
    shifts = shifts_of(TIMES_US, steps, [None] * 50, alpha=0.05, num_shuffles=199, seed=0)
    assert after_steps(TIMES_US, steps, shifts) == pytest.approx(np.zeros(50), abs=1e-9)


def test_neighbours_that_resemble_each_other_are_seen():
    assert abs(autocorrelation(NOISE)) < 0.3
    assert autocorrelation(np.sin(np.arange(50) / 5)) > 0.8
    assert autocorrelation(np.zeros(50)) == 0.0
