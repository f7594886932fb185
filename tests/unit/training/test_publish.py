import pytest

from core.errors import InputError
from training.learning.run_folder import RunFolder
from training.publish import Provenance, publish, spread

PROVENANCE = Provenance(commit="abc", date="2026-01-01", selection="last epoch", command="moodline publish")


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
        publish([RunFolder(tmp_path)], faces, tmp_path, name="x", views=1, provenance=PROVENANCE)
