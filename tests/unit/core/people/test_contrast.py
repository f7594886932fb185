"""Differences of conditions rest on sessions, agree with scipy's Welch test, and promise no more than they keep."""

import random

import pytest
from scipy import stats

from core.emotions import EMOTIONS
from core.people.contrast import contrast, session_values
from core.people.longitudinal import SessionBin
from tests.factories import make_probs


def values(draw: random.Random, num: int, *, mean: float = 0.0, deviation: float = 1.0) -> list[float]:
    return [draw.gauss(mean, deviation) for _ in range(num)]


@pytest.mark.parametrize(("num_first", "num_second"), [(3, 3), (5, 12), (40, 7)])
def test_interval_is_welchs(num_first: int, num_second: int):
    draw = random.Random(num_first)
    first, second = values(draw, num_first), values(draw, num_second, mean=0.5, deviation=2.0)
    found = contrast(first, second)
    assert found is not None
    expected = stats.ttest_ind(second, first, equal_var=False).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


def test_effect_size_is_the_difference_in_deviations_corrected_for_few_sessions():
    found = contrast([0.0, 1.0, 2.0], [2.0, 3.0, 4.0])
    assert found is not None
    assert found.difference == 2
    assert found.effect_size == pytest.approx(2 * (1 - 3 / 15))


def test_no_difference_is_found_as_often_as_promised():
    found = 0
    for seed in range(200):
        draw = random.Random(seed)
        result = contrast(values(draw, 8), values(draw, 8))
        assert result is not None
        found += result.excludes_zero
    assert found <= 20  # 10 are to be expected


def test_a_planted_difference_is_found():
    draw = random.Random(1)
    result = contrast(values(draw, 30, deviation=0.1), values(draw, 30, mean=0.15, deviation=0.1))
    assert result is not None
    assert result.low <= 0.15 <= result.high
    assert result.excludes_zero


def test_two_sessions_are_too_few():
    assert contrast([0.1, 0.2], [0.1, 0.2, 0.3]) is None


def test_sides_that_never_vary_have_no_effect_size():
    found = contrast([0.1] * 3, [0.3] * 3)
    assert found is not None
    assert found.effect_size is None
    assert found.low == found.high == pytest.approx(0.2)


def test_a_session_is_one_value_however_many_readings_it_has():
    def of(session: str, condition: str, num_faces: int, prob: float) -> SessionBin:
        probs = make_probs("happy", prob)
        return SessionBin(
            start_us=0,
            session=session,
            condition=condition,
            num_frames=num_faces,
            num_face_frames=num_faces,
            num_rejected_frames=0,
            num_undecodable_frames=0,
            num_faces=num_faces,
            sum_probs=tuple(num_faces * value for value in probs),
        )

    bins = [of("a", "calm", 10, 0.2), of("a", "calm", 30, 0.6), of("b", "calm", 1000, 0.9), of("c", "stress", 5, 0.1)]
    happy = session_values(bins, "calm")["happy"]
    assert happy == pytest.approx([0.5, 0.9])
    assert len(session_values(bins, "stress")["valence"]) == 1
    assert set(session_values(bins, "none")) == {*EMOTIONS, "valence"}
