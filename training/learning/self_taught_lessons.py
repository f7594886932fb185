"""Lessons of a network that learns from its own earlier answers, ever more as it goes: a teacher that costs nothing.

Temporal ensembling (Laine & Aila 2017) with targets that shift from labels to answers (Kim et al. 2021): one label is a
noisy word about a picture; the mean of what many epochs answered to many views of it is a calmer one.
"""

from typing import Any

import torch
from torch import Tensor

from core.emotions import EMOTIONS, FERPLUS_COLUMNS
from fer_model.network import HeadLogits
from training.datasets.face_set import FaceSet
from training.learning.draws import Draws
from training.learning.lessons import LabelledLessons
from training.learning.recipe import Phase, Recipe, SelfTeaching
from training.learning.targets import TwoHeadTargets


class SelfTaughtLessons:
    """Freshly augmented pictures; targets are given ones blended with the running mean of the network's answers."""

    def __init__(self, faces: FaceSet, recipe: Recipe, how: SelfTeaching, device: torch.device) -> None:
        self._given = LabelledLessons(faces, recipe, device)
        self._how = how
        self._num_epochs = recipe.num_epochs
        self._fer2013 = torch.zeros(len(faces), len(EMOTIONS), device=device)
        self._ferplus = torch.zeros(len(faces), len(FERPLUS_COLUMNS), device=device)
        self._num_heard = torch.zeros(len(faces), device=device)

    def __len__(self) -> int:
        return len(self._given)

    def batch(self, rows: Tensor, *, epoch_index: int, phase: Phase, draws: Draws) -> tuple[Tensor, Any]:
        """Return pictures freshly augmented, and targets that hold the network's own share of the epoch."""
        x, given = self._given.batch(rows, epoch_index=epoch_index, phase=phase, draws=draws)
        share = self._how.final_share * epoch_index / max(1, self._num_epochs - 1)
        own = share * (self._num_heard[rows] > 0).float().unsqueeze(1)  # (B, 1)
        blended = TwoHeadTargets(
            fer2013=own * self._fer2013[rows] + (1 - own) * given.fer2013,
            ferplus=own * self._ferplus[rows] + (1 - own) * given.ferplus,
            ferplus_weight=given.ferplus_weight,
        )
        return x, blended

    @torch.no_grad()
    def hear(self, rows: Tensor, answer: HeadLogits) -> None:
        """Take the network's logits of B rows into their running means."""
        first = (self._num_heard[rows] == 0).unsqueeze(1)
        for mean, logits in ((self._fer2013, answer.fer2013), (self._ferplus, answer.ferplus)):
            probs = torch.softmax(logits.detach().float(), dim=1)
            mean[rows] = torch.where(first, probs, torch.lerp(probs, mean[rows], self._how.memory))
        self._num_heard[rows] += 1

    def state(self) -> dict[str, Tensor]:
        """Return the means, to be saved with the run."""
        return {"fer2013": self._fer2013, "ferplus": self._ferplus, "num_heard": self._num_heard}

    def restore(self, state: dict[str, Tensor]) -> None:
        """Take saved means back."""
        self._fer2013.copy_(state["fer2013"])
        self._ferplus.copy_(state["ferplus"])
        self._num_heard.copy_(state["num_heard"])
