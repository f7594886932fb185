"""The weights that a training goes on from, where it does not begin with random ones."""

import hashlib
from collections.abc import Mapping

import torch
from torch import Tensor

from core.errors import InputError
from training.learning.recipe import Recipe
from training.learning.teacher import load_member

Weights = Mapping[str, Tensor]


def first_weights(source: str, recipe: Recipe) -> Weights:
    """Read the weights of a finished run, or of a published model. Raises InputError where the recipe's do not fit."""
    found = load_member(source, torch.device("cpu")).network.state_dict()
    wanted = recipe.architecture.build().state_dict()
    if {name: value.shape for name, value in found.items()} != {name: value.shape for name, value in wanted.items()}:
        raise InputError(f"--from {source}: its network has another shape than {recipe.name}'s; leave the option out")
    return found


def sha256_of(weights: Weights) -> str:
    """Identify weights, whatever file holds them."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        digest.update(name.encode())
        digest.update(weights[name].contiguous().numpy().tobytes())
    return digest.hexdigest()
