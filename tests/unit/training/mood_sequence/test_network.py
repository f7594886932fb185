"""Unlearned, it says that all stays; what comes later changes nothing of what was said before."""

import numpy as np
import pytest
import torch

from tests.mood_series import oscillating
from training.mood_sequence.forecast import forecast, smoothed
from training.mood_sequence.network import HORIZON, MoodGru, last_seen
from training.mood_sequence.rivals import persistence
from training.mood_sequence.series import MoodSeries


def learned_network() -> MoodGru:
    """Not learned, but as if: its last layer is no longer zero."""
    torch.manual_seed(1)
    network = MoodGru(num_hidden=8)
    torch.nn.init.normal_(network.change.weight, std=0.3)
    return network.eval().requires_grad_(False)


def test_an_unlearned_network_is_persistence():
    series = oscillating("s", 1, num_bins=30)
    told = forecast(MoodGru(num_hidden=8), series)
    assert told.shape == (30, HORIZON, 7)
    assert told == pytest.approx(persistence(series), abs=1e-5)


def test_probabilities_sum_to_one_and_none_is_zero():
    told = forecast(learned_network(), oscillating("s", 2))
    assert told.sum(axis=-1) == pytest.approx(np.ones(told.shape[:2]))
    assert told.min() > 0


def test_a_forecast_knows_nothing_of_later_bins():
    network, series = learned_network(), oscillating("s", 3, num_bins=40)
    changed = MoodSeries(session="s", probs=series.probs.copy(), is_seen=series.is_seen.copy())
    changed.probs[25:] = 1 / 7
    changed.is_seen[25:] = ~series.is_seen[25:]
    assert forecast(network, series)[:25] == pytest.approx(forecast(network, changed)[:25])
    assert forecast(network, series)[30] != pytest.approx(forecast(network, changed)[30])


def test_what_is_in_a_gap_is_not_looked_at():
    network, series = learned_network(), oscillating("s", 4, num_bins=40)
    other = MoodSeries(session="s", probs=series.probs.copy(), is_seen=series.is_seen)
    other.probs[~series.is_seen] = [1, 0, 0, 0, 0, 0, 0]
    assert not series.is_seen.all()
    assert forecast(network, series) == pytest.approx(forecast(network, other))


def test_what_was_last_seen_is_carried_over_gaps_and_ages():
    probs = torch.eye(7)[None, :4]
    carried, age = last_seen(probs, torch.tensor([[False, True, False, True]]))
    assert carried[0, 0].tolist() == pytest.approx([1 / 7] * 7)
    assert carried[0, 1:].argmax(dim=-1).tolist() == [1, 1, 3]
    assert age[0].tolist() == [1, 0, 1, 0]


def test_a_smoothed_bin_is_what_was_foretold_of_it():
    told = forecast(learned_network(), oscillating("s", 5, num_bins=20))
    assert np.isnan(smoothed(told)[0]).all()
    assert smoothed(told)[7] == pytest.approx(told[6, 0])
