"""A person is one value; groups of fewer than twenty people are not told of."""

import numpy as np
import pytest
from scipy import stats

from core.people.groups import LEAST_PEOPLE, compare_groups, person_values
from core.people.longitudinal import MEASURES, SessionBin
from tests.factories import make_probs


def a_bin(session: str, prob: float, *, num_faces: int = 20, condition: str | None = None) -> SessionBin:
    return SessionBin(
        start_us=0,
        session=session,
        condition=condition,
        num_frames=num_faces,
        num_face_frames=num_faces,
        num_rejected_frames=0,
        num_undecodable_frames=0,
        num_faces=num_faces,
        sum_probs=tuple(num_faces * value for value in make_probs("happy", prob)),
    )


def people(num: int, *, mean: float, seed: int) -> list[tuple[float, ...]]:
    return [tuple(row) for row in np.random.default_rng(seed).normal(mean, 0.1, (num, len(MEASURES)))]


def test_a_person_is_the_mean_of_its_sessions_however_long_they_were():
    values = person_values(
        [a_bin("a", 0.2, num_faces=1000), a_bin("b", 0.8, num_faces=10)], condition=None, min_readings=10
    )
    assert values is not None
    assert values[MEASURES.index("happy")] == pytest.approx(0.5)


def test_only_the_wanted_condition_counts():
    bins = [a_bin("a", 0.2, condition="calm"), a_bin("b", 0.8, condition="stress")]
    values = person_values(bins, condition="stress", min_readings=10)
    assert values is not None
    assert values[MEASURES.index("happy")] == pytest.approx(0.8)
    assert person_values(bins, condition="other", min_readings=10) is None


def test_intervals_are_welchs_over_people():
    first, second = people(20, mean=0.3, seed=1), people(31, mean=0.5, seed=2)
    found = compare_groups(first, second)
    assert found is not None
    columns = [row[0] for row in first], [row[0] for row in second]
    expected = stats.ttest_ind(columns[1], columns[0], equal_var=False).confidence_interval(0.95)
    assert (found["angry"].low, found["angry"].high) == pytest.approx((expected.low, expected.high))
    assert list(found) == list(MEASURES)


@pytest.mark.parametrize(("num_first", "num_second"), [(19, 40), (40, 19), (0, 0)])
def test_small_groups_are_suppressed(num_first: int, num_second: int):
    assert LEAST_PEOPLE == 20
    assert compare_groups(people(num_first, mean=0, seed=1), people(num_second, mean=1, seed=2)) is None
