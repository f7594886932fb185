"""A forecast comes back as it was written, or is refused in one line."""

from pathlib import Path

import pytest

from core.errors import EnvironmentFault, InputError
from tests.mood_series import oscillating, wandering
from training.mood_sequence.fit import Fitting
from training.mood_sequence.forecast import forecast
from training.mood_sequence.model_file import CARD, WEIGHTS, load_forecast
from training.mood_sequence.train import History, evaluate_forecast, train_forecast

SERIES = tuple(oscillating(f"s{seed}", seed, num_bins=40) for seed in range(12))


def small_forecast(folder: Path):
    history = History(series=SERIES, bin_us=1_000_000, model_version="small-0123456789ab", study_id=None)
    return train_forecast(history, folder, Fitting(num_epochs=2, num_hidden=4), say=lambda _: None)


def test_a_forecast_comes_back_as_it_was_written(tmp_path: Path):
    card, results = small_forecast(tmp_path)
    network, read = load_forecast(tmp_path)
    assert read.known_sessions == card.known_sessions
    assert (read.bin_us, read.model_version, read.best_epoch) == (1_000_000, "small-0123456789ab", card.best_epoch)
    assert forecast(network, SERIES[0]).shape == (40, 10, 7)
    assert [each.num_bins_ahead for each in results] == [1, 5, 10]
    assert read.evaluation["verdict"] in ("does not win", "wins") or read.evaluation["verdict"].startswith("wins only")


def test_an_evaluation_leaves_out_what_was_learned_from(tmp_path: Path):
    card, results = small_forecast(tmp_path)
    again = evaluate_forecast(tmp_path, SERIES)
    assert again[0].num_sessions == results[0].num_sessions == 12 - len(card.known_sessions)
    assert again[0].divergence == pytest.approx(results[0].divergence)
    later = (*SERIES, wandering("later", 99))
    assert evaluate_forecast(tmp_path, later)[0].num_sessions == results[0].num_sessions + 1
    known = tuple(each for each in SERIES if each.session in card.known_sessions)
    with pytest.raises(InputError, match="fewer than two sessions are left"):
        evaluate_forecast(tmp_path, known)


def test_folders_without_a_forecast_and_altered_weights_are_refused(tmp_path: Path):
    with pytest.raises(InputError, match="holds no forecast"):
        load_forecast(tmp_path)
    small_forecast(tmp_path)
    (tmp_path / WEIGHTS).write_bytes((tmp_path / WEIGHTS).read_bytes() + b" ")
    with pytest.raises(EnvironmentFault, match=r"is not what forecast\.json names"):
        load_forecast(tmp_path)
    (tmp_path / CARD).write_text("{}")
    with pytest.raises(EnvironmentFault, match="not a readable forecast"):
        load_forecast(tmp_path)
