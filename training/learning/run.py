"""A training in progress: network, optimiser and random numbers, saved after each epoch so that it can be resumed."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from training.learning.draws import Draws
from training.learning.recipe import Recipe


@dataclass(kw_only=True)
class Run:
    """What is saved after each epoch and read back to resume."""

    network: nn.Module
    averaged: nn.Module  # what is evaluated and shipped
    optimizer: torch.optim.Optimizer
    draws: Draws
    num_epochs_done: int = 0
    num_steps_done: int = 0

    @classmethod
    def start(cls, recipe: Recipe, device: torch.device) -> "Run":
        """Build network, averaged copy and optimiser, seeded by the recipe."""
        torch.manual_seed(recipe.seed)
        network = recipe.architecture.build().to(device).to(memory_format=torch.channels_last)
        optimizer = recipe.optimizer.build(network)
        for group in optimizer.param_groups:
            group["initial_lr"] = group["lr"]  # what the schedule scales; torch's own name for it
        return cls(
            network=network,
            averaged=copy.deepcopy(network).requires_grad_(False),
            optimizer=optimizer,
            draws=Draws.seeded(recipe.seed, device),
        )

    def begin_with(self, weights: Mapping[str, torch.Tensor]) -> None:
        """Go on from other weights than random ones."""
        self.network.load_state_dict(weights)
        self.averaged.load_state_dict(weights)

    def save(self, path: Path, lessons: dict[str, torch.Tensor]) -> None:
        """Write the state, and the lessons', beside its final name first, so that a kill never leaves half a file."""
        state = {
            "network": self.network.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "draws": self.draws.state(),
            "dropout": _dropout_state(self.draws.on_device.device),
            "num_epochs_done": self.num_epochs_done,
            "num_steps_done": self.num_steps_done,
            "lessons": lessons,
        }
        partial = path.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(path)

    def restore(self, path: Path) -> dict[str, torch.Tensor]:
        """Continue where `save` left off, on the same kind of device; return the lessons' state."""
        device = self.draws.on_device.device
        state = torch.load(path, weights_only=True, map_location="cpu")
        self.network.load_state_dict(state["network"])
        self.averaged.load_state_dict(state["averaged"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.draws.restore(state["draws"])
        if device.type == "cuda":
            torch.cuda.set_rng_state(state["dropout"], device)
        else:
            torch.set_rng_state(state["dropout"])
        self.num_epochs_done = state["num_epochs_done"]
        self.num_steps_done = state["num_steps_done"]
        lessons: dict[str, torch.Tensor] = state["lessons"]
        return lessons

    @torch.no_grad()
    def average(self, decay: float) -> None:
        """Move the averaged weights a little towards the network's, further in the first steps; counters are copied.

        Otherwise a short run's average would still be its random start.
        """
        decay = min(decay, (1 + self.num_steps_done) / (10 + self.num_steps_done))
        self.num_steps_done += 1
        values, means = self.network.state_dict(), self.averaged.state_dict()
        moving = [name for name, value in values.items() if value.is_floating_point()]
        torch._foreach_lerp_([means[name] for name in moving], [values[name] for name in moving], 1 - decay)
        for name in values.keys() - moving:
            means[name].copy_(values[name])


def _dropout_state(device: torch.device) -> torch.Tensor:
    """Dropout draws from torch's own generator of the device."""
    return torch.cuda.get_rng_state(device) if device.type == "cuda" else torch.get_rng_state()
