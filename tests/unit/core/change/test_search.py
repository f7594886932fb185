"""What was planted is told, what was not is not, and the answer says how often chance alone would be told."""

from dataclasses import replace

import numpy as np
import pytest

from core.change.remainder import Shape
from core.change.search import Search, find_changes
from core.errors import InputError
from core.people.longitudinal import MEASURES
from tests.session_series import make_baseline, make_series, null_year

VALENCE = MEASURES.index("valence")


def of_valence(changes):
    assert changes.measures is not None
    return changes.measures[-1]


def noise(num, seed=0, deviation=0.05):
    return np.random.default_rng(seed).normal(0, deviation, num)


def test_a_planted_trend_is_told_as_a_line_of_its_size():
    series = make_series(0.02 * np.arange(52) * 7 / 30 + noise(52, seed=1))
    found = of_valence(find_changes(series, Search()))
    assert found.trend_chance.is_found
    assert found.trend.low <= 0.02 <= found.trend.high
    assert found.shape is Shape.LINE
    assert abs(found.autocorrelation) < 0.3


def test_a_planted_shift_is_told_as_a_step_and_away_from_the_baseline():
    values = noise(50, seed=1)
    values[25:] += 0.15
    series = make_series(values)
    found = of_valence(find_changes(series, Search(), baseline=make_baseline(series)))
    assert len(found.shifts) == 1
    assert found.shape is Shape.STEPS
    assert found.sustained is not None
    assert found.sustained.size.mean == pytest.approx(0.15, abs=0.05)


def test_measures_that_do_not_move_are_not_told():
    values = noise(50, seed=1)
    values[25:] += 0.15
    changes = find_changes(make_series(values), Search())
    assert changes.measures is not None
    assert [each.measure for each in changes.measures if each.is_changed] == ["valence"]


def test_the_false_alarm_rate_is_told_and_kept():
    changes = find_changes(null_year(1), Search(num_shuffles=999))
    assert changes.false_alarm_rate is not None
    assert 0.005 < changes.false_alarm_rate <= 0.05
    assert changes.num_questions == 16


def test_fewer_questions_leave_more_to_find():
    values = noise(14, seed=3)
    values[7:] += 0.07
    series = make_series(values)
    all_measures = of_valence(find_changes(series, Search()))
    alone = of_valence(find_changes(series, Search(measures=("valence",))))
    assert alone.shift_chance.p_value == all_measures.shift_chance.p_value
    assert alone.shift_chance.corrected_p_value < all_measures.shift_chance.corrected_p_value


def test_conditions_that_were_filmed_at_different_times_are_no_change():
    values = noise(40, seed=4)
    conditions = ["calm"] * 20 + ["stress"] * 20
    values[20:] += 0.5
    told = of_valence(find_changes(make_series(values, conditions=conditions), Search()))
    assert not told.is_changed
    assert of_valence(find_changes(make_series(values), Search())).is_changed


def test_too_few_sessions_are_insufficient():
    changes = find_changes(make_series(noise(7)), Search())
    assert changes.measures is None
    assert changes.false_alarm_rate is None


def test_the_same_seed_gives_the_same_answer():
    series = null_year(2)
    one, other = (find_changes(series, Search(seed=5)) for _ in range(2))
    assert one.measures == other.measures
    assert one.false_alarm_rate == other.false_alarm_rate


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"alpha": 1.5}, "--alpha 1.5: must lie between 0 and 1"),
        ({"measures": ("joy",)}, "--measure joy: no such measure; there are: angry"),
        ({"num_shuffles": 100}, "--shuffles 100: 200 are the least"),
    ],
)
def test_a_search_that_cannot_be_is_refused(wrong, said):
    with pytest.raises(InputError, match=said):
        Search(**wrong)


def test_shuffles_that_could_never_find_anything_are_refused():
    with pytest.raises(InputError, match=r"too few to find anything among 16 questions at --alpha 0.05; 319 are"):
        find_changes(null_year(3), Search(num_shuffles=200))
    assert find_changes(null_year(3), Search(num_shuffles=200, measures=("happy",))).num_questions == 2


def test_conditions_that_leave_too_few_orders_are_refused():
    series = make_series(noise(9), conditions=[f"stimulus-{index}" for index in range(9)])
    with pytest.raises(InputError, match="9 sessions of 9 conditions have only 1 orders within their conditions"):
        find_changes(series, Search())


def test_blocks_that_leave_too_few_orders_are_refused():
    with pytest.raises(InputError, match="--together 6: of 40 sessions 1 to 5 can stay together"):
        find_changes(null_year(3), Search(num_together=6))
    assert find_changes(null_year(3), Search(num_together=5)).measures is not None


def test_a_poor_baseline_is_not_asked_about():
    series = null_year(4)
    changes = find_changes(series, Search(), baseline=make_baseline(series, num_sessions=3))
    assert changes.measures is not None
    assert all(each.sustained_chance is None for each in changes.measures)


def test_a_record_that_never_moves_is_not_told():
    still = replace(null_year(5), values=np.full((40, len(MEASURES)), 0.2))
    changes = find_changes(still, Search())
    assert changes.measures is not None
    assert not any(each.is_changed for each in changes.measures)
    assert changes.false_alarm_rate == 0.0
