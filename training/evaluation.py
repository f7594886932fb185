"""Accuracies under the protocol of docs/protocol.md: which rows count, and n always beside the figure."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from core.emotions import NUM_FERPLUS_EMOTIONS
from fer_model.network import EmotionNetwork, HeadLogits, pictures_to_tensor
from training.fer2013 import FaceSet, ferplus_majority


@dataclass(frozen=True, kw_only=True)
class Accuracy:
    """A share of right answers with the number of rows that it rests on."""

    value: float  # 0..1
    n: int

    @property
    def half_width(self) -> float:
        """Half of the 95 % interval (normal approximation)."""
        return 1.96 * math.sqrt(self.value * (1 - self.value) / self.n) if self.n else math.nan


@torch.inference_mode()
def predict(network: EmotionNetwork, pictures: NDArray[np.uint8], *, batch_size: int = 256) -> HeadLogits:
    """Logits of both heads for (N, 48, 48) uint8 pictures, one view each, no averaging."""
    network.eval()
    parts = [network(pictures_to_tensor(batch)) for batch in torch.from_numpy(pictures).split(batch_size)]
    return HeadLogits(
        fer2013=torch.cat([part.fer2013 for part in parts]), ferplus=torch.cat([part.ferplus for part in parts])
    )


def fer2013_accuracy(logits: HeadLogits, faces: FaceSet) -> Accuracy:
    """Share of rows whose largest of seven FER2013 logits is the published label."""
    right = logits.fer2013.argmax(dim=1).numpy() == faces.emotion_index
    return Accuracy(value=float(right.mean()), n=len(right))


def ferplus_accuracy(logits: HeadLogits, faces: FaceSet) -> Accuracy:
    """Share of the strict-majority rows whose largest of eight FER+ emotion logits is the majority's."""
    majority = ferplus_majority(faces.votes)
    counted = majority >= 0
    predicted = logits.ferplus[:, :NUM_FERPLUS_EMOTIONS].argmax(dim=1).numpy()
    right = predicted[counted] == majority[counted]
    return Accuracy(value=float(right.mean()), n=int(counted.sum()))
