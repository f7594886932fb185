"""Networks of trainings that have ended, and of published models."""

from pathlib import Path

import torch
from torch import nn

from core.errors import InputError
from fer_model.checkpoints.card import find_card
from fer_model.checkpoints.checkpoint import load_checkpoint
from training.learning.run_folder import RunFolder
from training.learning.teacher import Member
from training.recipes.registry import find_recipe


def finished_network(folder: RunFolder) -> nn.Module:
    """Return the averaged weights of a run that has ended, on the CPU. Raises InputError where it has not."""
    if not folder.state.exists():
        raise InputError(f"{folder.path}: holds no training run (no {folder.state.name})")
    state = torch.load(folder.state, weights_only=True, map_location="cpu")
    document = folder.document()
    num_epochs = sum(phase["num_epochs"] for phase in document["phases"])
    if state["num_epochs_done"] < num_epochs:
        raise InputError(
            f"{folder.path}: stopped after {state['num_epochs_done']} of {num_epochs} epochs; "
            "run `moodline train` with the same options again"
        )
    network = find_recipe(document["name"]).architecture.build()
    network.load_state_dict(state["averaged"])
    return network.eval().requires_grad_(False)


def load_member(source: str, device: torch.device) -> Member:
    """Load a finished run by its folder, or a published model by its name or card, which is taken to have learned all.

    Raises InputError where it is none, or is not finished.
    """
    folder = RunFolder(Path(source))
    if folder.path.is_dir():
        return Member(network=finished_network(folder).to(device), fold=folder.learned_from().fold)
    network, _ = load_checkpoint(find_card(source))
    return Member(network=network.to(device), fold=None)
