import dataclasses
from pathlib import Path

import pytest

from core.errors import InputError
from training.learning.overrides import with_batch_size, with_epochs, with_learning_rate, with_weights
from training.learning.recipe import Phase


def epochs_of(recipe):
    return [phase.num_epochs for phase in recipe.phases]


@pytest.mark.parametrize(
    ("asked", "expected"), [(100, [35, 45, 20]), (20, [7, 9, 4]), (200, [70, 90, 40]), (3, [1, 1, 1]), (1, [1])]
)
def test_phases_are_stretched_in_proportion(tiny, asked, expected):
    recipe = dataclasses.replace(tiny, phases=tuple(Phase(num_epochs=n) for n in (35, 45, 20)))
    stretched = with_epochs(recipe, asked)
    assert stretched.num_epochs == asked
    assert epochs_of(stretched) == expected


def test_values_are_replaced(tiny):
    assert with_batch_size(tiny, 8).batch_size == 8
    assert with_learning_rate(tiny, 0.01).optimizer.learning_rate == 0.01


@pytest.mark.parametrize(
    "change",
    [
        lambda recipe: with_epochs(recipe, 0),
        lambda recipe: with_batch_size(recipe, 1),
        lambda recipe: with_learning_rate(recipe, float("nan")),
        lambda recipe: with_weights(recipe, Path("vgg16.pth")),
    ],
)
def test_values_that_cannot_be_are_named(tiny, change):
    with pytest.raises(InputError, match="--"):
        change(tiny)
