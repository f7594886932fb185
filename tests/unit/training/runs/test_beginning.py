import dataclasses

import pytest
import torch

from core.errors import InputError
from fer_model.checkpoints.card import find_card
from fer_model.checkpoints.checkpoint import load_checkpoint
from fer_model.network import NetworkShape
from training.learning.draws import Draws
from training.learning.run import Run
from training.learning.run_folder import LearnedFrom, RunFolder
from training.recipes.registry import find_recipe
from training.runs.beginning import first_weights, sha256_of

CPU = torch.device("cpu")


@pytest.fixture
def finished(registered, faces, tmp_path):
    """The folder of a run that has ended, as far as its state can tell, and its averaged weights."""
    folder = RunFolder(tmp_path / "finished")
    folder.prepare(registered, LearnedFrom.of(faces))
    run = Run.start(registered, CPU)
    run.num_epochs_done = registered.num_epochs
    run.save(folder.state, {})
    return folder.path, run.averaged.state_dict()


def equal(weights, others):
    return weights.keys() == others.keys() and all(torch.equal(weights[name], others[name]) for name in weights)


def test_a_run_goes_on_from_the_averaged_weights_of_another(finished, registered):
    path, averaged = finished
    run = Run.start(dataclasses.replace(registered, seed=7), CPU)
    assert not equal(run.network.state_dict(), averaged)
    run.begin_with(first_weights(str(path), registered))
    assert equal(run.network.state_dict(), averaged)
    assert equal(run.averaged.state_dict(), averaged)


@pytest.mark.parametrize("name", ["small-pruned", "small-adapted"])
def test_a_published_model_is_a_beginning_for_its_own_recipe_and_for_the_one_that_adapts_it(name):
    recipe = find_recipe(name)
    network, _ = load_checkpoint(find_card("small"))
    assert network.shape == recipe.architecture
    Run(
        network=(network := recipe.architecture.build()),
        averaged=recipe.architecture.build(),
        optimizer=recipe.optimizer.build(network),
        draws=Draws.seeded(0),
    ).begin_with(first_weights("small", recipe))


def test_weights_of_another_shape_are_refused_by_name(finished, registered):
    path, _ = finished
    wider = dataclasses.replace(registered, architecture=NetworkShape(widths=(4, 16), depths=(1, 1)))
    with pytest.raises(InputError, match=r"finished: its network has another shape than tiny's"):
        first_weights(str(path), wider)
    with pytest.raises(InputError, match="--from large"):
        first_weights("large", wider)


def test_a_shallower_network_begins_with_the_blocks_that_both_have(registered, faces, tmp_path, monkeypatch):
    from training.recipes import registry

    deep = dataclasses.replace(
        registered, name="deep", architecture=NetworkShape(widths=(4, 8, 8), depths=(3, 2, 1), stem_stride=2)
    )
    monkeypatch.setitem(registry.RECIPES, deep.name, deep)
    folder = RunFolder(tmp_path)
    folder.prepare(deep, LearnedFrom.of(faces))
    run = Run.start(deep, CPU)
    run.num_epochs_done = deep.num_epochs
    run.save(folder.state, {})
    shallow = dataclasses.replace(deep.architecture, depths=(2, 1, 1))
    network = shallow.build()
    network.load_state_dict(first_weights(str(tmp_path), dataclasses.replace(deep, architecture=shallow)))
    for position, of_deep in enumerate((0, 1, 3, 5)):
        assert equal(network.trunk[position].state_dict(), run.averaged.trunk[of_deep].state_dict())


def test_a_deeper_network_finds_no_beginning(finished, registered):
    path, _ = finished
    deeper = dataclasses.replace(registered, architecture=NetworkShape(widths=(4, 8), depths=(2, 1)))
    with pytest.raises(InputError, match="another shape"):
        first_weights(str(path), deeper)


def test_weights_are_known_by_what_they_are(finished, registered):
    path, averaged = finished
    digest = sha256_of(first_weights(str(path), registered))
    assert digest == sha256_of(averaged)
    changed = {name: value + 1 for name, value in averaged.items()}
    assert digest != sha256_of(changed)


def test_a_run_from_other_weights_does_not_go_on_in_this_ones_folder(registered, faces, tmp_path):
    folder = RunFolder(tmp_path)
    folder.prepare(registered, LearnedFrom.of(faces, beginning_sha256="1"))
    with pytest.raises(InputError, match="beginning_sha256"):
        folder.prepare(registered, LearnedFrom.of(faces))
