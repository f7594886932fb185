"""The classifier that a checkpoint's weights make in torch: on a GPU, and the reference of the graph's."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.observations import Reading
from fer_model.checkpoints.card import ModelCard
from fer_model.checkpoints.views import views_of
from fer_model.classification.classifier import read_answers
from fer_model.ensemble import ServableNetwork
from fer_model.network import pictures_to_tensor


class NetworkClassifier:
    """Reads cropped faces by a network; see `Classifier`."""

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
