import dataclasses

import pytest
import torch

from core.errors import InputError
from training.learning.augmentation import Augmentation
from training.learning.recipe import Adam, Constant, Cosine, Phase, Sgd
from training.recipes.registry import RECIPES, find_recipe


def test_the_learning_rate_warms_up_and_falls_to_nought():
    factors = [Cosine(num_warmup_epochs=2).factor(done, 10) for done in (0, 1, 2, 6, 10)]
    assert factors == pytest.approx([0, 0.5, 1, 0.5, 0], abs=1e-6)


def test_a_run_shorter_than_its_warm_up_still_trains():
    assert max(Cosine(num_warmup_epochs=3).factor(done / 10, 1) for done in range(11)) == pytest.approx(1)


def test_a_constant_schedule_stays():
    assert {Constant().factor(done, 10) for done in range(11)} == {1.0}


def test_each_epoch_belongs_to_its_phase(tiny):
    recipe = dataclasses.replace(tiny, phases=(Phase(num_epochs=2, mixup_alpha=0.5), Phase(num_epochs=1)))
    assert [recipe.phase_of(index).mixup_alpha for index in range(recipe.num_epochs)] == [0.5, 0.5, 0.2]
    with pytest.raises(ValueError, match="3 epochs"):
        recipe.phase_of(3)


def test_grades_are_the_different_augmentations_in_order(tiny):
    gentle = Augmentation(erase_p=0.1)
    phases = (Phase(num_epochs=1), Phase(num_epochs=1, augmentation=gentle), Phase(num_epochs=1))
    assert dataclasses.replace(tiny, phases=phases).grades == (Augmentation(), gentle)


def test_a_phase_without_epochs_is_refused():
    with pytest.raises(ValueError, match="got 0"):
        Phase(num_epochs=0)


@pytest.mark.thorough
def test_norms_and_biases_are_not_decayed(tiny):
    groups = Sgd(weight_decay=0.01).build(tiny.architecture.build()).param_groups
    assert [group["weight_decay"] for group in groups] == [0.01, 0.0]
    assert all(p.ndim <= 1 for p in groups[1]["params"])


def test_frozen_weights_are_not_given_to_the_optimiser():
    network = torch.nn.Sequential(torch.nn.Linear(2, 2).requires_grad_(False), torch.nn.Linear(2, 2))
    for settings in (Adam(), Sgd()):
        given = [p for group in settings.build(network).param_groups for p in group["params"]]
        assert {id(p) for p in given} == {id(p) for p in network[1].parameters()}


def test_every_recipe_is_found_by_its_own_name():
    assert all(find_recipe(name).name == name for name in RECIPES)


def test_an_unknown_recipe_names_the_others():
    with pytest.raises(InputError, match=r"'smal'.*member"):
        find_recipe("smal")
