"""What a network learns from, batch by batch: the seam between the training loop and where targets come from."""

from typing import Any, Protocol

import torch
from torch import Tensor

from fer_model.network import pictures_to_tensor
from training.datasets.face_set import FaceSet
from training.learning.augmentation import augment
from training.learning.draws import Draws
from training.learning.recipe import Phase, Recipe


class Lessons(Protocol):
    """Pictures with what to say of them."""

    def __len__(self) -> int:
        """Return the number of pictures."""
        ...

    def batch(self, rows: Tensor, *, epoch_index: int, phase: Phase, draws: Draws) -> tuple[Tensor, Any]:
        """Return (B, 1, 48, 48) grey levels 0..255 as seen in an epoch, and the `Targets` of the same B rows."""
        ...

    def hear(self, rows: Tensor, answer: Any) -> None:
        """Take notice of the network's logits of B unblended rows."""
        ...

    def state(self) -> dict[str, Tensor]:
        """Return what must be saved for a run to be resumed."""
        ...

    def restore(self, state: dict[str, Tensor]) -> None:
        """Take back what was saved."""
        ...


class Unmoved:
    """The part of lessons that do not depend on what the network answers."""

    def hear(self, rows: Tensor, answer: Any) -> None:
        """Take no notice."""

    def state(self) -> dict[str, Tensor]:
        """Return nothing: there is nothing to be saved."""
        return {}

    def restore(self, state: dict[str, Tensor]) -> None:
        """Take nothing back."""


class LabelledLessons(Unmoved):
    """Labels and votes as they were given, and pictures changed at random each time they are seen."""

    def __init__(self, faces: FaceSet, recipe: Recipe, device: torch.device) -> None:
        self._pictures = torch.from_numpy(faces.pictures).to(device)  # (N, 48, 48) uint8
        self._targets = recipe.objective.targets_of(faces).to(device)

    def __len__(self) -> int:
        return len(self._pictures)

    def batch(self, rows: Tensor, *, epoch_index: int, phase: Phase, draws: Draws) -> tuple[Tensor, Any]:  # noqa: ARG002
        """Return pictures freshly augmented, and their targets."""
        x = pictures_to_tensor(self._pictures[rows])
        return augment(x, phase.augmentation, draws), self._targets.take(rows)
