"""Rivals are what they are called, and divergences are Kullback and Leibler's, where there is something to compare."""

import numpy as np
import pytest
from scipy.stats import entropy

from tests.mood_series import oscillating, wandering
from training.mood_sequence.divergence import divergences, mean_divergence
from training.mood_sequence.network import HORIZON
from training.mood_sequence.rivals import best_half_life, mean_probs_of, moving_average, persistence, usual
from training.mood_sequence.series import MoodSeries


def test_persistence_is_what_was_last_seen():
    series = oscillating("s", 1, num_bins=30)
    told = persistence(series)
    gaps = np.flatnonzero(~series.is_seen[1:]) + 1
    assert len(gaps)
    seen = np.flatnonzero(series.is_seen)
    assert told[seen, 3] == pytest.approx(series.probs[seen], abs=1e-3)
    assert told[gaps[0]] == pytest.approx(told[gaps[0] - 1])


def test_a_moving_average_halves_what_is_old():
    probs = np.full((3, 7), 0.05, np.float32)
    probs[0, 0] = probs[1:, 1] = 0.7
    series = MoodSeries(session="s", probs=probs, is_seen=np.ones(3, bool))
    told = moving_average(series, half_life_bins=1.0)[:, 0, 0]
    assert told == pytest.approx([0.7, 0.4 / 1.5, 0.25 / 1.75], abs=1e-3)


def test_a_long_half_life_is_the_mean_of_all_so_far():
    series = wandering("s", 3, num_bins=20)
    told = moving_average(series, half_life_bins=1e9)
    assert told[-1, 0] == pytest.approx(series.probs.mean(axis=0), abs=1e-3)


def test_divergence_is_kullbacks_and_leiblers_and_leaves_out_gaps():
    series = oscillating("s", 2, num_bins=30)
    told = moving_average(series, half_life_bins=3.0)
    found = divergences(series, told)
    now, ahead = 10, int(np.flatnonzero(series.is_seen[11:21])[0]) + 1
    came = series.probs[now + ahead].astype(float)
    assert found[now, ahead - 1] == pytest.approx(entropy(came, told[now, ahead - 1]), abs=1e-4)
    for later in range(1, HORIZON + 1):
        assert np.isnan(found[now, later - 1]) == (not series.is_seen[now + later])
    assert np.isnan(found[-1]).all()


def test_the_moving_average_is_tuned_to_what_was_learned_from():
    still = [wandering(f"s{seed}", seed) for seed in range(5)]
    assert best_half_life(still) <= 1.0  # the newest is the best


def test_the_usual_is_the_mean_of_all_seen_bins():
    series = [oscillating(f"s{seed}", seed) for seed in range(3)]
    told = usual(series[0], mean_probs_of(series))
    expected = np.concatenate([each.probs[each.is_seen] for each in series]).mean(axis=0)
    assert told[5, 5] == pytest.approx(expected, abs=1e-5)
    assert np.isfinite(mean_divergence(series[0], told))
