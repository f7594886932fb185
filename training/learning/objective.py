"""What a network is trained to say, and how far it is from saying it. Knows labelled pictures and tensors only."""

from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor
from torch.nn import functional as F

from core.emotions import NUM_FERPLUS_EMOTIONS
from fer_model.network import HeadLogits
from training.datasets.face_set import FaceSet
from training.datasets.fer2013 import ferplus_majority
from training.datasets.label_sets import SEVEN, LabelSet
from training.learning.targets import LabelTargets, TwoHeadTargets, make_targets


class Objective(Protocol):
    """A task. What its networks answer (`Any`) is what it knows how to read."""

    @property
    def label_set(self) -> LabelSet:
        """The emotions that its networks tell apart."""
        ...

    def targets_of(self, faces: FaceSet) -> Any:
        """Return the `Targets` of N labelled pictures, all of the label set."""
        ...

    def loss(self, answer: Any, targets: Any) -> Tensor:
        """Return the mean loss of a batch, a scalar."""
        ...

    def accuracies(self, answer: Any, faces: FaceSet) -> dict[str, float]:
        """Return what is logged while training, by name; fractions of 1."""
        ...


@dataclass(frozen=True, kw_only=True)
class TwoHeads:
    """Ours: one head for FER2013's labels, one for the votes of FER+'s ten taggers."""

    label_smoothing: float = 0.1  # of the FER2013 head; FER+ votes are soft already
    fer2013_weight: float = 0.5  # of the FER2013 head's loss; the FER+ head's is 1
    vote_smoothing: float = 0.1  # added to each of the ten votes before they are made a distribution

    @property
    def label_set(self) -> LabelSet:
        """All seven."""
        return SEVEN

    def targets_of(self, faces: FaceSet) -> TwoHeadTargets:
        """Return both heads' targets of N labelled pictures."""
        return make_targets(
            torch.from_numpy(faces.emotion_index),
            torch.from_numpy(faces.votes),
            label_smoothing=self.label_smoothing,
            vote_smoothing=self.vote_smoothing,
        )

    def loss(self, answer: HeadLogits, targets: TwoHeadTargets) -> Tensor:
        """Cross-entropy of the FER2013 head plus the FER+ head's divergence from its votes, averaged over the batch."""
        fer2013 = F.cross_entropy(answer.fer2013.float(), targets.fer2013)
        log_probs = F.log_softmax(answer.ferplus.float(), dim=1)
        divergence = F.kl_div(log_probs, targets.ferplus, reduction="none").sum(dim=1)
        ferplus = (divergence * targets.ferplus_weight).sum() / targets.ferplus_weight.sum().clamp(min=1)
        return self.fer2013_weight * fer2013 + ferplus

    def accuracies(self, answer: HeadLogits, faces: FaceSet) -> dict[str, float]:
        """Return both heads' accuracies; the first alone where taggers had no strict majority."""
        majority = ferplus_majority(faces.votes)  # of eight emotions; -1: there is none
        right = {
            "fer2013": answer.fer2013.argmax(dim=1).numpy() == SEVEN.index_of(faces.emotion_index),
            "ferplus": (answer.ferplus[:, :NUM_FERPLUS_EMOTIONS].argmax(dim=1).numpy() == majority)[majority >= 0],
        }
        return {name: float(of_rows.mean()) for name, of_rows in right.items() if len(of_rows)}


@dataclass(frozen=True, kw_only=True)
class Labels:
    """One head for FER2013's labels, or some of them: what the seed systems are trained for."""

    label_set: LabelSet = SEVEN
    label_smoothing: float = 0.0

    def targets_of(self, faces: FaceSet) -> LabelTargets:
        """Return one-hot targets, smoothed, of N labelled pictures, all of the label set."""
        index = torch.from_numpy(self.label_set.index_of(faces.emotion_index))
        hard = F.one_hot(index, len(self.label_set)).float()
        return LabelTargets(probs=hard * (1 - self.label_smoothing) + self.label_smoothing / len(self.label_set))

    def loss(self, answer: Tensor, targets: LabelTargets) -> Tensor:
        """Cross-entropy, averaged over the batch."""
        return F.cross_entropy(answer.float(), targets.probs)

    def accuracies(self, answer: Tensor, faces: FaceSet) -> dict[str, float]:
        """Return the share of rows whose largest logit is the published label's."""
        right = answer.argmax(dim=1).numpy() == self.label_set.index_of(faces.emotion_index)
        return {self.label_set.name: float(right.mean())}
