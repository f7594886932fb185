"""A recipe with some of its values replaced, as asked for on a command line."""

import dataclasses
from pathlib import Path

from core.errors import InputError
from training.learning.recipe import Phase, Recipe


def with_epochs(recipe: Recipe, num_epochs: int) -> Recipe:
    """Stretch or shrink a recipe's phases, in proportion; a phase that would have no epoch is left out."""
    if num_epochs < 1:
        raise InputError(f"--epochs {num_epochs}: must be at least 1")
    phases: list[Phase] = []
    end_before = end_after = 0
    for phase in recipe.phases:
        end_before += phase.num_epochs
        end = round(num_epochs * end_before / recipe.num_epochs)
        if end > end_after:
            phases.append(dataclasses.replace(phase, num_epochs=end - end_after))
        end_after = end
    return dataclasses.replace(recipe, phases=tuple(phases))


def with_learning_rate(recipe: Recipe, learning_rate: float) -> Recipe:
    """Replace the highest learning rate."""
    if not 0 < learning_rate < float("inf"):
        raise InputError(f"--learning-rate {learning_rate}: must be above 0")
    optimizer = dataclasses.replace(recipe.optimizer, learning_rate=learning_rate)  # type: ignore[type-var]
    return dataclasses.replace(recipe, optimizer=optimizer)


def with_batch_size(recipe: Recipe, batch_size: int) -> Recipe:
    """Replace the number of pictures a step."""
    if batch_size < 2:
        raise InputError(f"--batch-size {batch_size}: must be at least 2, since batches are normalised by their spread")
    return dataclasses.replace(recipe, batch_size=batch_size)


def with_weights(recipe: Recipe, weights: Path) -> Recipe:
    """Give a recipe the file of weights that its frozen network starts from."""
    if "weights_path" not in {field.name for field in dataclasses.fields(recipe.architecture)}:  # type: ignore[arg-type]
        raise InputError(f"--weights {weights}: {recipe.name} starts from random weights; leave the option out")
    architecture = dataclasses.replace(recipe.architecture, weights_path=str(weights))  # type: ignore[type-var]
    return dataclasses.replace(recipe, architecture=architecture)
