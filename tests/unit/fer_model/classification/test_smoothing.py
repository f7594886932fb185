import numpy as np
import pytest

from fer_model.classification.smoothing import Smoothing, smooth

HAPPY, NEUTRAL = 3, 6


def one_hot(index, *, share=0.9):
    probs = np.full(7, (1 - share) / 6)
    probs[index] = share
    return probs


def run(labels, *, step_seconds=0.04, how=None):
    times = np.arange(len(labels)) * step_seconds
    return smooth(times, np.array([one_hot(label) for label in labels]), how or Smoothing())


def test_a_single_odd_frame_does_not_flip_the_label():
    labels = [HAPPY] * 50 + [NEUTRAL] + [HAPPY] * 50
    assert (run(labels).label_index == HAPPY).all()


def test_a_lasting_change_is_followed_within_a_second_and_a_half():
    result = run([HAPPY] * 50 + [NEUTRAL] * 50)
    change = int(np.argmax(result.label_index == NEUTRAL))
    assert 50 < change < 87
    assert (result.label_index[change:] == NEUTRAL).all()


def test_rows_stay_probabilities():
    rng = np.random.default_rng(0)
    probs = rng.dirichlet(np.ones(7), size=40)
    assert smooth(np.arange(40) / 25, probs, Smoothing()).probs.sum(axis=1) == pytest.approx(1)


def test_smoothing_knows_seconds_and_not_frames():
    slow = run([HAPPY] * 25 + [NEUTRAL] * 25, step_seconds=0.08)
    fast = run([HAPPY] * 50 + [NEUTRAL] * 50, step_seconds=0.04)
    change_slow = np.argmax(slow.label_index == NEUTRAL) * 0.08
    change_fast = np.argmax(fast.label_index == NEUTRAL) * 0.04
    assert change_slow == pytest.approx(change_fast, abs=0.09)


def test_nothing_is_carried_across_a_gap():
    times = np.array([0.0, 0.04, 0.08, 5.0])
    probs = np.array([one_hot(HAPPY)] * 3 + [one_hot(NEUTRAL)])
    result = smooth(times, probs, Smoothing())
    assert result.label_index[-1] == NEUTRAL
    assert result.probs[-1] == pytest.approx(probs[-1])


def test_a_time_of_nought_is_refused():
    with pytest.raises(ValueError, match="above 0 seconds"):
        Smoothing(half_life_seconds=0)
