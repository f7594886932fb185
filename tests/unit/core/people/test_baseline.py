"""A change from one's own baseline takes out what is constant in a face, and nothing else."""

import random

import pytest

from core.emotions import EMOTIONS
from core.errors import InputError
from core.people.baseline import Baseline, Sittings, baseline_of, change
from core.people.longitudinal import Enough, Estimate, SessionBin, one_point_of

SAD = EMOTIONS.index("sad")
NEUTRAL = EMOTIONS.index("neutral")
DAY_US = 86_400_000_000


def film(seed: int, *, sad_offset: float = 0.0, num_sessions: int = 40) -> list[SessionBin]:
    """A session a day, fifty readings each; `sad_offset` is moved from neutral to sad in all of them."""
    draw = random.Random(seed)
    bins = []
    for day in range(num_sessions):
        sad = 0.1 + draw.gauss(0, 0.01)
        probs = [0.02] * len(EMOTIONS)
        probs[SAD] = sad + sad_offset
        probs[NEUTRAL] = 1 - 0.1 - sad - sad_offset
        bins.append(
            SessionBin(
                start_us=day * DAY_US,
                session=f"day-{day}",
                condition=("calm", "stress")[day % 2],
                num_frames=60,
                num_face_frames=50,
                num_rejected_frames=0,
                num_undecodable_frames=0,
                num_faces=50,
                sum_probs=tuple(50 * value for value in probs),
            )
        )
    return bins


def make_baseline(bins: list[SessionBin], sittings: Sittings) -> Baseline:
    return baseline_of(bins, sittings, number=1, definition="the first", model_versions=("small-0123",))


FIRST_TEN = Sittings(until_us=10 * DAY_US)


@pytest.mark.parametrize("seed", range(5))
def test_a_constant_offset_of_sad_is_taken_out_and_raw_values_stay(seed: int):
    offset, plain = film(seed, sad_offset=0.3), film(seed)
    raw = one_point_of(offset[10:], Enough()).estimates
    raw_plain = one_point_of(plain[10:], Enough()).estimates
    assert raw is not None
    assert raw_plain is not None
    assert raw["sad"].mean == pytest.approx(raw_plain["sad"].mean + 0.3)
    corrected = change(raw["sad"], make_baseline(offset, FIRST_TEN).estimates["sad"])
    assert abs(corrected.mean) <= 0.02
    same = change(raw_plain["sad"], make_baseline(plain, FIRST_TEN).estimates["sad"])
    assert corrected.mean == pytest.approx(same.mean)


def test_intervals_of_changes_hold_what_they_promise():
    held = 0
    for seed in range(100):
        bins = film(seed, sad_offset=0.3)
        rest = one_point_of(bins[10:], Enough()).estimates
        assert rest is not None
        changed = change(rest["sad"], make_baseline(bins, FIRST_TEN).estimates["sad"])
        assert changed.low is not None
        assert changed.high is not None
        held += changed.low <= 0 <= changed.high
    assert 90 <= held <= 100  # 95 are promised


def test_a_change_is_as_unsure_as_both_of_its_ends():
    changed = change(Estimate(mean=0.5, low=0.2, high=0.8), Estimate(mean=0.1, low=-0.3, high=0.5))
    assert (changed.mean, changed.low, changed.high) == pytest.approx((0.4, -0.1, 0.9))


@pytest.mark.parametrize("unsure", [0, 1])
def test_one_session_on_either_side_has_no_interval(unsure: int):
    ends = [Estimate(mean=0.5, low=0.2, high=0.8), Estimate(mean=0.1, low=0.0, high=0.2)]
    ends[unsure] = Estimate(mean=ends[unsure].mean, low=None, high=None)
    assert change(*ends).low is None


@pytest.mark.parametrize(
    ("sittings", "num_sessions"),
    [
        (Sittings(sessions=("day-3", "day-7")), 2),
        (Sittings(condition="calm"), 20),
        (Sittings(from_us=5 * DAY_US, until_us=9 * DAY_US), 4),
        (Sittings(from_us=5 * DAY_US, until_us=9 * DAY_US, condition="stress"), 2),
    ],
)
def test_sittings_are_chosen_by_name_time_and_condition(sittings: Sittings, num_sessions: int):
    assert make_baseline(film(0), sittings).num_sessions == num_sessions


def test_too_little_is_no_baseline():
    with pytest.raises(InputError, match="baseline of the first: 0 counted readings, and 20 are the least"):
        make_baseline(film(0), Sittings(sessions=("none",)))


def test_rows_of_two_models_are_no_baseline():
    with pytest.raises(InputError, match=r"rows are of several models .a, b."):
        baseline_of(film(0), FIRST_TEN, number=1, definition="the first", model_versions=("a", "b"))
