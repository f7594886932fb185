"""What a cropped face appears to show: calibrated probabilities of seven emotions, and whether to count them at all.

Speaks with the FER+ head, whose votes of ten people agree with what people see; knows no frame, file or table.
"""

from typing import Final, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.emotions import FERPLUS_INDEX_OF_EMOTION, FERPLUS_UNREADABLE
from core.observations import Reading
from fer_model.card import ModelCard
from fer_model.ensemble import ServableNetwork
from fer_model.network import pictures_to_tensor
from fer_model.views import views_of

#: Stored probabilities are rounded to this many decimals, far below any error of the model's own.
PROB_DECIMALS: Final = 6


class Classifier(Protocol):
    """Reads cropped faces. Tests put a fake in its place."""

    def classify(self, crops: NDArray[np.uint8]) -> list[Reading]:
        """(N, 48, 48) uint8 grey -> N readings, in order; an empty list for N = 0."""
        ...


class NetworkClassifier:
    """The classifier that a checkpoint makes."""

    def __init__(self, network: ServableNetwork, card: ModelCard, *, device: str = "cpu", batch_size: int = 64) -> None:
        self._network = network.to(device).to(memory_format=torch.channels_last).eval()
        self._card = card
        self._device = device
        self._batch_size = batch_size

    @torch.inference_mode()
    def classify(self, crops: NDArray[np.uint8]) -> list[Reading]:
        """(N, 48, 48) uint8 grey -> N readings, in order."""
        readings: list[Reading] = []
        for batch in torch.from_numpy(crops).split(self._batch_size) if len(crops) else ():
            pictures = pictures_to_tensor(batch).to(self._device)
            views = [self._answers(view) for view in views_of(pictures, num_views=self._card.views)]
            answers = torch.stack(views).mean(dim=0).numpy()  # (views, N, 10) -> (N, 10)
            readings += [read_answers(row, abstain_below=self._card.abstain_below) for row in answers]
        return readings

    def _answers(self, pictures: Tensor) -> Tensor:
        """(N, 1, 48, 48) float grey levels -> (N, 10) shares of people's answers, double precision, on the CPU."""
        logits = self._network(pictures.contiguous(memory_format=torch.channels_last)).ferplus.float()
        return torch.softmax((logits / self._card.ferplus_temperature).cpu().double(), dim=1)


def read_answers(answers: NDArray[np.float64], *, abstain_below: float) -> Reading:
    """Turn the probable answers of FER+'s taggers (10,) into a reading over the seven emotions.

    Contempt is folded away: the seven are scaled to sum to one. The reading abstains where even the most probable
    emotion would be named by less than `abstain_below` of the people, be it for doubt or because no face can be seen.
    """
    seven = answers[list(FERPLUS_INDEX_OF_EMOTION)]
    probs = np.round(seven / seven.sum(), PROB_DECIMALS)
    unreadable = float(answers[list(FERPLUS_UNREADABLE)].sum())
    return Reading(
        probs=tuple(probs.tolist()),
        unreadable=round(unreadable, PROB_DECIMALS),
        abstained=bool(seven.max() < abstain_below),
    )
