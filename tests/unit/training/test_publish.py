import dataclasses

import pytest
import torch

from core.errors import InputError
from fer_model.checkpoints.checkpoint import load_checkpoint
from training.learning.run import Run
from training.learning.run_folder import LearnedFrom, RunFolder
from training.publish import Provenance, Publication, publish, publish_ensemble, spread
from training.runs.finished import finished_network

pytestmark = pytest.mark.thorough

PROVENANCE = Provenance(commit="abc", date="2026-01-01", selection="last epoch", command="moodline publish")


def publication(out):
    return Publication(name="x", out=out, views=1, provenance=PROVENANCE)


def figures(accuracy):
    return {"PrivateTest": {"fer2013": {"n": 10, "accuracy": accuracy}, "ferplus": None}}


def test_seeds_are_told_with_mean_and_deviation_of_a_sample():
    told = spread([figures(0.7), figures(0.72), figures(0.74)])
    assert told["n"] == 3
    assert told["PrivateTest"]["fer2013"] == {"mean": 0.72, "sd": 0.02, "each": [0.7, 0.72, 0.74]}


def test_a_head_that_was_not_measured_has_no_spread():
    assert spread([figures(0.7), figures(0.72)])["PrivateTest"]["ferplus"] is None


def test_a_folder_without_a_run_is_named(faces, tmp_path):
    with pytest.raises(InputError, match="holds no training run"):
        publish([RunFolder(tmp_path)], faces, publication(tmp_path))


def finished_run(recipe, faces, path, *, seed):
    folder = RunFolder(path)
    recipe = dataclasses.replace(recipe, seed=seed)
    folder.prepare(recipe, LearnedFrom.of(faces))
    run = Run.start(recipe, torch.device("cpu"))
    run.num_epochs_done = recipe.num_epochs
    run.save(folder.state, {})
    return folder


def test_an_ensemble_is_shipped_as_one_model_of_its_members_mean(faces, registered, tmp_path):
    folders = [finished_run(registered, faces, tmp_path / str(seed), seed=seed) for seed in range(2)]
    card = publish_ensemble(folders, faces, publication(tmp_path))
    assert card.network["num_members"] == 2
    assert card.training["seeds"] == [0, 1]
    assert card.figures["PrivateTest"]["fer2013"]["n"] == 32
    network, _ = load_checkpoint(tmp_path / "x.json")
    x = 255 * torch.rand(3, 1, 48, 48)
    mean = torch.stack([torch.softmax(finished_network(f)(x).ferplus, dim=1) for f in folders]).mean(dim=0)
    assert torch.softmax(network(x).ferplus, dim=1) == pytest.approx(mean, abs=2e-3)  # half precision


def test_an_ensemble_is_of_several_runs(faces, registered, tmp_path):
    with pytest.raises(InputError, match="several runs of one recipe"):
        publish_ensemble([finished_run(registered, faces, tmp_path / "0", seed=0)], faces, publication(tmp_path))
