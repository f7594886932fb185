import dataclasses
import json

import pytest
import torch
from safetensors.torch import save_file

from core.errors import InputError
from fer_model.checkpoints.card import find_card, read_card
from fer_model.network import NetworkShape
from training.datasets.label_sets import FOUR
from training.evaluation.evaluate import calibration_rows
from training.evaluation.model_sources import are_aligned, ensemble_of, find_model, find_snapshots
from training.learning.run_folder import LearnedFrom, RunFolder, recipe_document


@pytest.fixture
def calibration(faces):
    return lambda: calibration_rows(faces)


@pytest.fixture
def run(registered, tmp_path):
    """A run of the tiny recipe as it stands when it has ended, with two snapshots."""
    folder = RunFolder(tmp_path / "run")
    folder.path.mkdir()
    write_run(folder, registered)
    for epoch in (1, 2):
        folder.keep_snapshot(registered.architecture.build(), epoch)
    return folder


def write_run(folder, recipe, *, shape=None, num_epochs_done=2):
    folder.recipe.write_text(json.dumps(recipe_document(recipe)))
    network = (shape or recipe.architecture).build()
    torch.save({"averaged": network.state_dict(), "num_epochs_done": num_epochs_done}, folder.state)


def never():
    raise AssertionError("a card has its temperatures")


def test_a_shipped_model_comes_with_its_cards_temperatures():
    card = read_card(find_card("small"))
    model = find_model(["small"], never)
    assert model.name == "small"
    assert model.members[0].version == card.version
    assert model.members[0].temperatures.ferplus == card.ferplus_temperature
    assert model.num_parameters == card.figures["num_parameters"]


def test_a_run_is_calibrated_on_the_pictures_it_is_given(run, calibration):
    model = find_model([str(run.path)], calibration)
    assert (model.name, model.members[0].version) == ("tiny", "run")
    assert model.members[0].temperatures.fer2013 != 1
    assert model.members[0].temperatures.ferplus is not None


def test_a_run_without_votes_to_fit_to_has_no_ferplus_answers(run, faces):
    unvoted = dataclasses.replace(faces, votes=faces.votes * 0)
    model = find_model([str(run.path)], lambda: calibration_rows(unvoted))
    assert model.answer(faces.pictures[:2]).ferplus is None


def test_several_sources_are_an_ensemble(run, calibration):
    model = find_model([str(run.path), "small"], calibration)
    assert [member.version.split("-")[0] for member in model.members] == ["run", "small"]
    assert model.name == "tiny + small (2 networks)"


def test_the_snapshots_of_a_run_are_an_ensemble(run, calibration):
    model = find_snapshots([str(run.path)], calibration)
    assert [member.version for member in model.members] == ["run epoch-0001", "run epoch-0002"]


def test_models_of_different_label_sets_are_not_averaged():
    small = find_model(["small"], never)
    four = dataclasses.replace(small, members=(dataclasses.replace(small.members[0], label_set=FOUR),))
    with pytest.raises(InputError, match="four, seven"):
        ensemble_of([small, four])


@pytest.mark.parametrize(
    ("source", "complaint"),
    [("tiny", "choose one of"), ("runs/none", "no such file or folder"), ("none.json", "no such card")],
)
def test_what_is_no_model_is_said_in_a_line(source, complaint):
    with pytest.raises(InputError, match=complaint):
        find_model([source], never)


def test_a_folder_that_is_no_run_is_said_in_a_line(tmp_path, calibration):
    with pytest.raises(InputError, match=r"recipe\.json"):
        find_model([str(tmp_path)], calibration)
    (tmp_path / "recipe.json").write_text("[]")
    with pytest.raises(InputError, match="not a recipe"):
        find_model([str(tmp_path)], calibration)
    with pytest.raises(InputError, match="holds no snapshots"):
        find_snapshots([str(tmp_path)], calibration)


def test_weights_of_a_recipe_that_was_changed_since_are_refused(run, registered, calibration):
    other = NetworkShape(widths=(4, 9), depths=(1, 1))
    write_run(run, registered, shape=other)
    with pytest.raises(InputError, match="do not fit the recipe 'tiny'"):
        find_model([str(run.path)], calibration)
    save_file(other.build().state_dict(), run.snapshots / "epoch-0003.safetensors")
    with pytest.raises(InputError, match="do not fit"):
        find_snapshots([str(run.path)], calibration)


def test_a_run_cannot_be_calibrated_on_nothing(run, faces):
    with pytest.raises(InputError, match="no PublicTest"):
        find_model([str(run.path)], lambda: faces.split("PublicTest").select(faces.split("PublicTest").row_index < 0))


def test_a_run_over_aligned_faces_is_known_and_not_mixed_with_others(run, faces, registered, tmp_path):
    other = RunFolder(tmp_path / "aligned")
    for folder, is_aligned in ((run, False), (other, True)):
        folder.prepare(registered, LearnedFrom.of(faces, is_aligned=is_aligned))
    assert not are_aligned(["small"])
    assert not are_aligned([str(run.path)])
    assert are_aligned([str(other.path)])
    with pytest.raises(InputError, match="apart"):
        are_aligned([str(run.path), str(other.path)])
