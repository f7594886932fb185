"""What a network should say of labelled pictures: distributions to be reordered and blended. Knows tensors only."""

from dataclasses import dataclass
from typing import Protocol, TypeVar

import torch
from torch import Tensor
from torch.nn import functional as F

from core.emotions import EMOTIONS
from training.learning.draws import Draws

_Targets = TypeVar("_Targets", bound="Targets")


class Targets(Protocol):
    """What a network should say of N pictures."""

    def take(self: _Targets, order: Tensor) -> _Targets:
        """Return the rows in another order, or some of them."""
        ...

    def mixed(self: _Targets, other: _Targets, share: float) -> _Targets:
        """Return share * self + (1 - share) * other."""
        ...

    def to(self: _Targets, device: torch.device) -> _Targets:
        """Return the same targets on a device."""
        ...


@dataclass(frozen=True, kw_only=True)
class TwoHeadTargets:
    """Targets of a network with a head for each label set."""

    fer2013: Tensor  # (N, 7) distribution
    ferplus: Tensor  # (N, 10) distribution
    ferplus_weight: Tensor  # (N,) 1 where the FER+ head has something to learn from the row, else 0

    def take(self, order: Tensor) -> "TwoHeadTargets":
        """Return the rows in another order, or some of them."""
        return TwoHeadTargets(
            fer2013=self.fer2013[order], ferplus=self.ferplus[order], ferplus_weight=self.ferplus_weight[order]
        )

    def mixed(self, other: "TwoHeadTargets", share: float) -> "TwoHeadTargets":
        """Return share * self + (1 - share) * other; a row counts where it counts in both."""
        return TwoHeadTargets(
            fer2013=share * self.fer2013 + (1 - share) * other.fer2013,
            ferplus=share * self.ferplus + (1 - share) * other.ferplus,
            ferplus_weight=self.ferplus_weight * other.ferplus_weight,
        )

    def to(self, device: torch.device) -> "TwoHeadTargets":
        """Return the same targets on a device."""
        return TwoHeadTargets(
            fer2013=self.fer2013.to(device),
            ferplus=self.ferplus.to(device),
            ferplus_weight=self.ferplus_weight.to(device),
        )


@dataclass(frozen=True, kw_only=True)
class LabelTargets:
    """Targets of a network with one head."""

    probs: Tensor  # (N, K) distribution over the label set

    def take(self, order: Tensor) -> "LabelTargets":
        """Return the rows in another order, or some of them."""
        return LabelTargets(probs=self.probs[order])

    def mixed(self, other: "LabelTargets", share: float) -> "LabelTargets":
        """Return share * self + (1 - share) * other."""
        return LabelTargets(probs=share * self.probs + (1 - share) * other.probs)

    def to(self, device: torch.device) -> "LabelTargets":
        """Return the same targets on a device."""
        return LabelTargets(probs=self.probs.to(device))


def make_targets(
    emotion_index: Tensor, votes: Tensor, *, label_smoothing: float, vote_smoothing: float
) -> TwoHeadTargets:
    """(N,) labels and (N, 10) votes -> soft targets of both heads."""
    hard = F.one_hot(emotion_index, len(EMOTIONS)).float()
    smooth = votes + vote_smoothing
    return TwoHeadTargets(
        fer2013=hard * (1 - label_smoothing) + label_smoothing / len(EMOTIONS),
        ferplus=smooth / smooth.sum(dim=1, keepdim=True),
        ferplus_weight=(votes.sum(dim=1) > 0).float(),
    )


def mixup(pictures: Tensor, targets: _Targets, alpha: float, draws: Draws) -> tuple[Tensor, _Targets]:
    """Blend each picture and its targets with another of the batch, one share a batch (Zhang et al. 2018); 0: not."""
    if alpha == 0:
        return pictures, targets
    share = draws.share(alpha)
    order = draws.order(len(pictures))
    return share * pictures + (1 - share) * pictures[order], targets.mixed(targets.take(order), share)
