"""The weights that a training goes on from, where it does not begin with random ones."""

import hashlib
from collections.abc import Mapping

import torch
from torch import Tensor

from core.errors import InputError
from fer_model.network import EmotionNetwork, NetworkShape
from training.learning.recipe import Recipe
from training.runs.finished import load_member

Weights = Mapping[str, Tensor]


def first_weights(source: str, recipe: Recipe) -> Weights:
    """Read the weights of a finished run, or of a published model; of a deeper network, those of the blocks that stay.

    Raises InputError where they do not fit the recipe's network.
    """
    network = load_member(source, torch.device("cpu")).network
    found: Weights = network.state_dict()
    if isinstance(network, EmotionNetwork) and isinstance(recipe.architecture, NetworkShape):
        found = _pruned(found, network.shape, recipe.architecture)
    wanted = recipe.architecture.build().state_dict()
    if {name: value.shape for name, value in found.items()} != {name: value.shape for name, value in wanted.items()}:
        raise InputError(f"--from {source}: its network has another shape than {recipe.name}'s; leave the option out")
    return found


def _pruned(weights: Weights, deep: NetworkShape, shallow: NetworkShape) -> Weights:
    """Leave out the last blocks of stages that are deeper; a residual network says much the same without them."""
    position_of: dict[str, int] = {}  # in the trunk of the shallow one, by that in the deep one's
    blocks = [(stage, block) for stage, depth in enumerate(deep.depths) for block in range(depth)]
    for position, (stage, block) in enumerate(blocks):
        if stage < len(shallow.depths) and block < shallow.depths[stage]:
            position_of[str(position)] = len(position_of)
    kept = {}
    for name, value in weights.items():
        part, _, rest = name.partition(".")
        block_name, _, inside = rest.partition(".")
        if part != "trunk":
            kept[name] = value
        elif block_name in position_of:
            kept[f"trunk.{position_of[block_name]}.{inside}"] = value
    return kept


def sha256_of(weights: Weights) -> str:
    """Identify weights, whatever file holds them."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        digest.update(name.encode())
        digest.update(weights[name].contiguous().numpy().tobytes())
    return digest.hexdigest()
