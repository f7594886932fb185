"""One value a session, in order of time; a condition's own level is no change."""

import numpy as np
import pytest

from core.people.longitudinal import MEASURES, SessionBin
from core.people.session_series import series_of
from tests.factories import make_probs


def a_bin(session: str, start_us: int, *, prob: float = 0.5, num_faces: int = 20, condition: str | None = None):
    return SessionBin(
        start_us=start_us,
        session=session,
        condition=condition,
        num_frames=num_faces,
        num_face_frames=num_faces,
        num_rejected_frames=0,
        num_undecodable_frames=0,
        num_faces=num_faces,
        sum_probs=tuple(num_faces * value for value in make_probs("happy", prob)),
    )


def test_a_session_is_the_mean_of_its_readings_at_its_beginning():
    series = series_of(
        [a_bin("b", 900, prob=0.8, num_faces=30), a_bin("b", 500, prob=0.4, num_faces=10), a_bin("a", 700)],
        min_readings=10,
    )
    assert series.names == ("b", "a")
    assert series.times_us.tolist() == [500, 700]
    assert series.values[0, MEASURES.index("happy")] == pytest.approx(0.7)


def test_a_session_with_too_few_readings_is_counted_and_left_out():
    series = series_of([a_bin("a", 1, num_faces=9), a_bin("b", 2), a_bin("c", 3, num_faces=0)], min_readings=10)
    assert series.names == ("b",)
    assert series.num_too_short == 1


def test_an_empty_record_is_a_series_of_no_session():
    series = series_of([], min_readings=10)
    assert len(series) == 0
    assert series.values.shape == (0, len(MEASURES))


def test_levels_of_conditions_are_taken_out():
    bins = [
        a_bin(str(number), number, prob=0.3 + 0.4 * (number % 2), condition=("calm", "stress")[number % 2])
        for number in range(10)
    ]
    levels = series_of(bins, min_readings=10).level_values
    assert np.ptp(levels, axis=0) == pytest.approx(np.zeros(len(MEASURES)), abs=1e-9)
    assert levels[0, MEASURES.index("happy")] == pytest.approx(0.5)
