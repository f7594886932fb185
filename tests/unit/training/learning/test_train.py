import dataclasses
import json

import pytest
import torch

import training.learning.train as training_module
from training.datasets.training_rows import rows_to_learn, rows_to_watch
from training.learning.lessons import LabelledLessons
from training.learning.recipe import SelfTeaching
from training.learning.run_folder import LearnedFrom, RunFolder
from training.learning.self_taught_lessons import SelfTaughtLessons
from training.learning.train import train
from training.plots.curves import draw_curves

pytestmark = pytest.mark.thorough

CPU = torch.device("cpu")


def run(recipe, faces, path, report=lambda _: None):
    learned = rows_to_learn(faces, recipe.objective.label_set)
    watched = rows_to_watch(faces, recipe.objective.label_set)
    folder = RunFolder(path)
    folder.prepare(recipe, LearnedFrom.of(learned))
    taught = recipe.self_teaching
    if taught is None:
        lessons = LabelledLessons(learned, recipe, CPU)
    else:
        lessons = SelfTaughtLessons(learned, recipe, taught, CPU)
    return train(recipe, lessons, watched, folder, device=CPU, report=report)


def self_taught(recipe):
    phases = tuple(dataclasses.replace(phase, mixup_alpha=0.0) for phase in recipe.phases)
    return dataclasses.replace(recipe, phases=phases, self_teaching=SelfTeaching(final_share=0.8))


@pytest.mark.parametrize("changed", [lambda recipe: recipe, self_taught], ids=["plain", "self-taught"])
def test_a_run_that_was_stopped_ends_as_one_that_was_not(faces, tiny, tmp_path, monkeypatch, changed):
    tiny = changed(tiny)
    whole = run(tiny, faces, tmp_path / "whole").state_dict()
    original = training_module.train_epoch

    def stop_at_second(state, *args):
        if state.num_epochs_done == 1:
            raise KeyboardInterrupt
        return original(state, *args)

    monkeypatch.setattr(training_module, "train_epoch", stop_at_second)
    with pytest.raises(KeyboardInterrupt):
        run(tiny, faces, tmp_path / "stopped")
    monkeypatch.undo()
    torch.manual_seed(99)  # whatever the next process drew before
    resumed = run(tiny, faces, tmp_path / "stopped").state_dict()
    assert whole.keys() == resumed.keys()
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


def test_another_seed_ends_elsewhere(faces, tiny, tmp_path):
    first = run(tiny, faces, tmp_path / "0").fer2013_head.weight
    other = run(dataclasses.replace(tiny, seed=1), faces, tmp_path / "1").fer2013_head.weight
    assert not torch.equal(first, other)


def test_a_run_logs_each_epoch_and_draws_its_curves(faces, tiny, tmp_path):
    told = []
    run(tiny, faces, tmp_path, told.append)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [epoch.epoch for epoch in told] == [1, 2]
    assert {"fer2013", "ferplus"} <= lines[-1].keys()
    assert draw_curves(RunFolder(tmp_path), title="tiny").read_bytes().startswith(b"\x89PNG")


def test_something_is_learned(faces, tiny, tmp_path):
    told = []
    recipe = dataclasses.replace(tiny, phases=(dataclasses.replace(tiny.phases[1], num_epochs=8),), ema_decay=0.0)
    run(recipe, faces, tmp_path, told.append)
    assert told[-1].loss < 0.8 * told[0].loss
    assert told[-1].accuracies["fer2013"] > 0.8


def test_snapshots_are_kept_for_an_ensemble(faces, tiny, tmp_path):
    run(dataclasses.replace(tiny, snapshot_every=1), faces, tmp_path)
    assert [path.name for path in sorted((tmp_path / "snapshots").iterdir())] == [
        "epoch-0001.safetensors",
        "epoch-0002.safetensors",
    ]
