"""The classifier that a checkpoint's ONNX graph makes: the same answers as torch's, for less of a CPU's time.

The graph lies beside the weights, and the card names its SHA-256. torch stays the reference: a test holds the two
together (tests/integration/fer_model/test_export_parity.py). See docs/decisions/0015.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.observations import Reading
from fer_model.checkpoints.card import ModelCard
from fer_model.checkpoints.checked_files import read_checked
from fer_model.checkpoints.graph_interface import ANSWERS, INPUT_NAME
from fer_model.classification.classifier import read_answers
from fer_model.graph_session import open_graph


class GraphClassifier:
    """Reads cropped faces by a graph, on one thread; see `Classifier`."""

    def __init__(self, graph: bytes, card: ModelCard, *, batch_size: int = 16) -> None:
        self._session = open_graph(graph)
        self._card = card
        self._batch_size = batch_size

    def classify(self, crops: NDArray[np.uint8]) -> list[Reading]:
        """(N, 48, 48) uint8 grey -> N readings, in order."""
        readings: list[Reading] = []
        for start in range(0, len(crops), self._batch_size):
            (answers,) = self._session.run([ANSWERS], {INPUT_NAME: crops[start : start + self._batch_size]})
            readings += [
                read_answers(row, abstain_below=self._card.abstain_below) for row in answers.astype(np.float64)
            ]
        return readings


def load_graph(card_path: Path, card: ModelCard) -> GraphClassifier:
    """Load the graph that lies beside a card which names one.

    Raises EnvironmentFault where the graph is missing or is not the one that the card names.
    """
    return GraphClassifier(read_checked(card_path.with_suffix(".onnx"), card.graph_sha256), card)
