"""One temperature a head, so that a probability of .7 is right seven times in ten; and how far it is from that.

Knows logits, probabilities and labels only.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from fer_model.network import HeadLogits
from training.datasets.face_set import FaceSet
from training.datasets.label_sets import SEVEN, LabelSet

#: Bins of equal mass of a reliability curve and of the error that sums it up.
NUM_BINS = 15

#: Keeps a vote that nobody gave possible, so that its logarithm is finite.
_VOTE_FLOOR = 1e-6


@dataclass(frozen=True, kw_only=True)
class Temperatures:
    """What divides each head's logits."""

    fer2013: float
    ferplus: float | None  # None where there is no such head, or no votes to fit it to


def fit_temperature(logits: Tensor, targets: Tensor) -> float:
    """Return the T that makes softmax(logits / T) most likely under (N, K) target distributions (Guo et al. 2017)."""
    fixed = logits.clone()  # an inference tensor takes no part in a backward pass
    log_temperature = torch.zeros((), requires_grad=True)
    optimizer = torch.optim.LBFGS([log_temperature], max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = F.cross_entropy(fixed / log_temperature.exp(), targets)
        loss.backward()
        return loss

    optimizer.step(closure)
    return float(log_temperature.detach().exp())


def fit_temperatures(logits: HeadLogits, faces: FaceSet) -> Temperatures:
    """Fit both heads: FER2013's to its labels, FER+'s to the ten votes, so that .7 means seven people of ten."""
    voted = torch.from_numpy(faces.has_votes)
    votes = torch.from_numpy(faces.votes)[voted] + _VOTE_FLOOR
    ferplus = fit_temperature(logits.ferplus[voted], votes / votes.sum(dim=1, keepdim=True)) if len(votes) else None
    return Temperatures(fer2013=fit_label_temperature(logits.fer2013, faces, SEVEN), ferplus=ferplus)


def fit_label_temperature(logits: Tensor, faces: FaceSet, label_set: LabelSet) -> float:
    """Fit (N, K) logits to the labels of the N pictures that a label set holds."""
    label_index = torch.from_numpy(label_set.index_of(faces.emotion_index))
    held = label_index >= 0
    return fit_temperature(logits[held], F.one_hot(label_index[held], len(label_set)).float())


@dataclass(frozen=True, kw_only=True)
class ReliabilityBin:
    """Answers of about the same confidence."""

    mean_confidence: float  # 0..1
    share_right: float  # 0..1
    n: int


def reliability_bins(
    confidence: NDArray[np.float64], right: NDArray[np.bool_ | np.float64], *, num_bins: int = NUM_BINS
) -> tuple[ReliabilityBin, ...]:
    """Sort N answers by confidence into bins of equal mass; bins that would be empty are left out.

    An answer may also be right in part: the share of people who agree with it.
    """
    order = np.argsort(confidence, kind="stable")
    return tuple(
        ReliabilityBin(
            mean_confidence=float(confidence[part].mean()), share_right=float(right[part].mean()), n=len(part)
        )
        for part in np.array_split(order, num_bins)
        if len(part)
    )


def expected_calibration_error(
    confidence: NDArray[np.float64], right: NDArray[np.bool_ | np.float64], *, num_bins: int = NUM_BINS
) -> float:
    """Mean gap between confidence and share of right answers over bins of equal mass (N,), (N,) -> 0..1."""
    bins = reliability_bins(confidence, right, num_bins=num_bins)
    return sum(part.n * abs(part.mean_confidence - part.share_right) for part in bins) / len(confidence)
