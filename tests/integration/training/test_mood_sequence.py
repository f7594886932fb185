"""The network beside its rivals: it wins where there is a course to be learned, and says so where there is none."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.mood_series import oscillating, wandering
from training.mood_sequence.document import verdict
from training.mood_sequence.fit import Fitting
from training.mood_sequence.series import MoodSeries
from training.mood_sequence.train import History, train_forecast


def trained(make: Callable[[str, int], MoodSeries], folder: Path, *, seed: int):
    series = tuple(make(f"s{number}", 1_000 * seed + number) for number in range(60))
    history = History(series=series, bin_us=1_000_000, model_version="small-0123456789ab", study_id=None)
    card, results = train_forecast(history, folder, Fitting(num_epochs=60, seed=seed), say=lambda _: None)
    for each in results:
        print(each.num_bins_ahead, each.divergence, each.rival_divergences, each.advantages)
    return card, results


def test_a_damped_oscillation_is_foretold_better_than_by_every_rival(tmp_path: Path):
    card, results = trained(oscillating, tmp_path, seed=0)
    assert card.best_epoch > 0
    assert verdict(results) == "wins"
    assert card.evaluation["verdict"] == "wins"
    for each in results:
        assert each.wins
        assert each.num_sessions == 15


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_random_walk_is_not_foretold_better_and_the_report_says_so(tmp_path: Path, seed: int):
    card, results = trained(wandering, tmp_path, seed=seed)
    assert verdict(results) == "does not win"
    assert card.evaluation["verdict"] == "does not win"
    for each in results:
        assert not each.wins
        assert abs(each.advantages["persistence"].mean) < 0.1 * each.rival_divergences["persistence"]
