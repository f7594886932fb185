import dataclasses
import json

import numpy as np
import pytest
import torch

import training.train as training_module
from fer_model.card import read_card
from fer_model.checkpoint import load_checkpoint
from fer_model.network import NetworkShape
from training.fer2013 import FaceSet
from training.publish import publish
from training.recipes import Cycle, Recipe
from training.train import learning_rate_at, train

TINY = Recipe(
    name="tiny",
    shape=NetworkShape(widths=(4, 8), depths=(1, 1), dropout=0.2),
    cycles=(Cycle(num_epochs=2, learning_rate=0.1),),
    batch_size=16,
    num_warmup_epochs=1,
)


@pytest.fixture
def faces():
    """96 pictures of two kinds, bright above or bright below, in all three splits."""
    rng = np.random.default_rng(0)
    labels = np.arange(96) % 2
    pictures = rng.integers(0, 60, (96, 48, 48), dtype=np.uint8)
    pictures[labels == 0, :24] += 150
    pictures[labels == 1, 24:] += 150
    votes = np.zeros((96, 10), np.float32)
    votes[labels == 0, 1] = 10  # happiness
    votes[labels == 1, 3] = 10  # sadness
    return FaceSet(
        pictures=pictures,
        emotion_index=np.where(labels == 0, 3, 4),
        votes=votes,
        split_index=np.repeat([0, 1, 2], 32),
        row_index=np.arange(96),
    )


def weights(network):
    return {name: value.clone() for name, value in network.state_dict().items()}


def test_a_run_that_was_stopped_ends_as_one_that_was_not(faces, tmp_path, monkeypatch):
    whole = weights(train(TINY, faces, tmp_path / "whole"))
    original = training_module.train_epoch

    def stop_at_second(run, *args):
        if run.num_epochs_done == 1:
            raise KeyboardInterrupt
        return original(run, *args)

    monkeypatch.setattr(training_module, "train_epoch", stop_at_second)
    with pytest.raises(KeyboardInterrupt):
        train(TINY, faces, tmp_path / "stopped")
    monkeypatch.undo()
    resumed = weights(train(TINY, faces, tmp_path / "stopped"))
    assert whole.keys() == resumed.keys()
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


def test_a_run_logs_each_epoch_and_its_recipe(faces, tmp_path):
    train(TINY, faces, tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [1, 2]
    assert "publictest_without_twins" in lines[-1]
    assert json.loads((tmp_path / "recipe.json").read_text())["name"] == "tiny"


def test_the_learning_rate_warms_up_once_and_falls_to_nought_in_each_cycle():
    cycles = (Cycle(num_epochs=10, learning_rate=0.1), Cycle(num_epochs=4, learning_rate=0.02))
    recipe = dataclasses.replace(TINY, cycles=cycles, num_warmup_epochs=2)
    rates = [learning_rate_at(recipe, progress) for progress in (0.0, 1.0, 2.0, 6.0, 10.0, 10.001, 12.0, 14.0)]
    assert rates == pytest.approx([0.0, 0.05, 0.1, 0.05, 0.0, 0.02, 0.01, 0.0], abs=1e-6)


def test_a_published_run_loads_with_its_figures(faces, tmp_path):
    train(TINY, faces, tmp_path / "run")
    figures = publish(tmp_path / "run", TINY, faces, tmp_path / "out", {"commit": "test"})
    _, card = load_checkpoint(tmp_path / "out" / "tiny.json")
    assert card == read_card(tmp_path / "out" / "tiny.json")
    assert set(figures) == {"PublicTest without twins", "PrivateTest", "PrivateTest without twins"}
    assert figures["PrivateTest"]["fer2013"]["n"] == 32
    assert card.figures["PrivateTest"]["ferplus"]["n"] == 32
    assert card.ferplus_temperature > 0
