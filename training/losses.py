"""Targets and losses of the two heads, with mixup. Knows tensors only."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from core.emotions import EMOTIONS
from fer_model.network import HeadLogits


@dataclass(frozen=True, kw_only=True)
class Targets:
    """What both heads should say of N pictures."""

    fer2013: Tensor  # (N, 7) distribution
    ferplus: Tensor  # (N, 10) distribution
    ferplus_weight: Tensor  # (N,) 1 where FER+'s taggers saw the picture, else 0

    def mixed(self, other: "Targets", share: float) -> "Targets":
        """Return share * self + (1 - share) * other."""
        return Targets(
            fer2013=share * self.fer2013 + (1 - share) * other.fer2013,
            ferplus=share * self.ferplus + (1 - share) * other.ferplus,
            ferplus_weight=self.ferplus_weight * other.ferplus_weight,
        )

    def take(self, order: Tensor) -> "Targets":
        """Return the rows in another order."""
        return Targets(
            fer2013=self.fer2013[order], ferplus=self.ferplus[order], ferplus_weight=self.ferplus_weight[order]
        )


def make_targets(emotion_index: Tensor, votes: Tensor, *, label_smoothing: float, vote_smoothing: float) -> Targets:
    """(N,) labels and (N, 10) votes -> soft targets of both heads."""
    hard = F.one_hot(emotion_index, len(EMOTIONS)).float()
    smooth = votes + vote_smoothing
    return Targets(
        fer2013=hard * (1 - label_smoothing) + label_smoothing / len(EMOTIONS),
        ferplus=smooth / smooth.sum(dim=1, keepdim=True),
        ferplus_weight=(votes.sum(dim=1) > 0).float(),
    )


def mixup(pictures: Tensor, targets: Targets, alpha: float, generator: torch.Generator) -> tuple[Tensor, Targets]:
    """Blend each picture and its targets with another of the batch, one share a batch (Zhang et al. 2018); 0: not."""
    if alpha == 0:
        return pictures, targets
    concentration = torch.full((1,), alpha)
    # torch.distributions takes no generator; two gamma draws make one beta draw
    first, second = (torch._standard_gamma(concentration, generator=generator) for _ in range(2))
    share = float(first / (first + second).clamp(min=1e-12))
    order = torch.randperm(len(pictures), generator=generator)
    return share * pictures + (1 - share) * pictures[order], targets.mixed(targets.take(order), share)


def two_head_loss(logits: HeadLogits, targets: Targets, *, fer2013_weight: float) -> Tensor:
    """Cross-entropy of the FER2013 head plus divergence of the FER+ head from its votes, averaged over the batch."""
    fer2013 = F.cross_entropy(logits.fer2013.float(), targets.fer2013)
    log_probs = F.log_softmax(logits.ferplus.float(), dim=1)
    divergence = F.kl_div(log_probs, targets.ferplus, reduction="none").sum(dim=1)
    ferplus = (divergence * targets.ferplus_weight).sum() / targets.ferplus_weight.sum().clamp(min=1)
    return fer2013_weight * fer2013 + ferplus
