"""A model under evaluation: one calibrated network, or the plain mean of several. Knows pictures and answers only."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from fer_model.network import HeadLogits, num_parameters
from training.datasets.label_sets import LabelSet
from training.evaluation.answers import Answers, mean_answers
from training.evaluation.calibration import Temperatures
from training.evaluation.parallel_prediction import predict_on_all_cores


@dataclass(frozen=True, kw_only=True)
class Member:
    """One network with its temperatures."""

    version: str  # leads back to the weights: "small-ef0ef0bb8027", or a run's folder and epoch
    network: nn.Module  # answers with HeadLogits, or with logits (N, K) of the label set
    label_set: LabelSet
    temperatures: Temperatures

    def answer(self, pictures: NDArray[np.uint8]) -> Answers:
        """(N, 48, 48) uint8 -> calibrated probabilities, one view each."""
        logits = predict_on_all_cores(self.network, pictures)
        two_heads = isinstance(logits, HeadLogits)
        ferplus = None
        if two_heads and self.temperatures.ferplus is not None:
            ferplus = _calibrated(logits.ferplus, self.temperatures.ferplus)
        return Answers(
            label_set=self.label_set,
            fer2013=_calibrated(logits.fer2013 if two_heads else logits, self.temperatures.fer2013),
            ferplus=ferplus,
        )


@dataclass(frozen=True, kw_only=True)
class EvaluatedModel:
    """What `moodline evaluate` measures."""

    name: str
    members: tuple[Member, ...]  # at least one, all of one label set
    abstain_below: float  # a reading whose top emotion is less probable is not counted

    def __post_init__(self) -> None:
        if len({member.label_set for member in self.members}) != 1:
            raise ValueError(f"expected members of one label set, got {[m.label_set.name for m in self.members]}")

    @property
    def label_set(self) -> LabelSet:
        """The emotions that its FER2013 answers tell apart."""
        return self.members[0].label_set

    @property
    def num_parameters(self) -> int:
        """Of all members together."""
        return sum(num_parameters(member.network) for member in self.members)

    def answer(self, pictures: NDArray[np.uint8]) -> Answers:
        """(N, 48, 48) uint8 -> the mean of the members' calibrated probabilities, one view each."""
        return mean_answers([member.answer(pictures) for member in self.members])


def _calibrated(logits: Tensor, temperature: float) -> NDArray[np.float64]:
    """(N, K) logits -> (N, K) probabilities."""
    # divided in single precision, as in use (fer_model.classification.classifier)
    return torch.softmax((logits / temperature).double(), dim=1).numpy()
