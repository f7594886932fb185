"""Orders stay within conditions, p-values count the true order, Holm is Holm's."""

import numpy as np
import pytest

from core.change.shuffles import holm, p_values, shuffles


def test_sessions_change_places_only_within_their_condition():
    conditions = ["a", "b", "a", "a", "b", None, None]
    orders = shuffles(conditions, 200, seed=1)
    assert orders[0].tolist() == list(range(7))
    for order in orders:
        assert sorted(order) == list(range(7))
        assert [conditions[index] for index in order] == conditions
    assert len({tuple(order) for order in orders}) > 20


def test_the_same_seed_gives_the_same_orders():
    assert (shuffles([None] * 9, 20, seed=3) == shuffles([None] * 9, 20, seed=3)).all()
    assert (shuffles([None] * 9, 20, seed=3) != shuffles([None] * 9, 20, seed=4)).any()


def test_sessions_that_are_shuffled_together_stay_side_by_side():
    orders = shuffles([None] * 23, 50, seed=1, num_together=5)
    for order in orders:
        assert sorted(order) == list(range(23))
        assert (np.diff(order) == 1).sum() >= 23 - 6  # at most six seams
    assert len({tuple(order) for order in orders}) > 40


def test_no_p_value_is_zero_and_equal_statistics_count():
    assert p_values(np.array([[5.0, 1.0, 2.0, 3.0]]))[0, 0] == 0.25
    assert p_values(np.array([[1.0, 1.0 + 1e-12, 1.0, 1.0]])).tolist() == [[1.0] * 4]


def test_correction_is_holms():
    corrected = holm(np.array([[0.01], [0.04], [0.03], [0.005]]))
    assert corrected[:, 0] == pytest.approx([0.03, 0.06, 0.06, 0.02])
