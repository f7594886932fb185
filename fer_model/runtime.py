"""How this process computes: one thread, and networks loaded once. The only loader that workers call.

On a CPU nothing imports torch, at two seconds and 200 MB, unless a card names no graph.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2

from core.media import DetectorKind
from fer_model.cascade import graph_cascade
from fer_model.cascade.cascade import Cascade
from fer_model.cascade.cascade_networks import CascadeNetworks
from fer_model.checkpoints.card import read_card
from fer_model.checkpoints.checked_files import refuse_other_crops
from fer_model.classification.classifier import Classifier
from fer_model.classification.graph_classifier import load_graph
from fer_model.detection.detector import Detector
from fer_model.detection.exact import ExactDetector
from fer_model.detection.following import FollowingDetector


@dataclass(frozen=True, kw_only=True)
class Networks:
    """The loaded networks of one process."""

    cascade: CascadeNetworks
    classifier: Classifier

    def cascade_for(self, *, min_face_px: int) -> Cascade:
        """Make what searches single pictures; it shares the networks."""
        return Cascade(self.cascade, min_face_px=min_face_px)

    def new_detector(self, kind: DetectorKind, *, min_face_px: int) -> Detector:
        """Make the detector of one chunk, which shares the networks and remembers nothing of other chunks."""
        cascade = self.cascade_for(min_face_px=min_face_px)
        if kind is DetectorKind.EXACT:
            return ExactDetector(cascade)
        return FollowingDetector(cascade, self.cascade)


def load_networks(card_path: Path, *, device: str = "cpu") -> Networks:
    """Load networks on a device ("cpu", "cuda:0"), in a process that computes as every other does.

    Raises EnvironmentFault where a GPU is asked for that is not there.
    """
    cv2.setNumThreads(1)
    return Networks(cascade=load_cascade(device), classifier=load_classifier(card_path, device=device))


def load_cascade(device: str) -> CascadeNetworks:
    """Load what finds faces: graphs on a CPU, torch on a GPU."""
    if device == "cpu":
        return graph_cascade.load_networks()
    from fer_model import torch_runtime
    from fer_model.cascade import torch_cascade

    torch_runtime.compute_alike_everywhere(device)
    return torch_cascade.load_networks(device)


def load_classifier(card_path: Path, *, device: str = "cpu") -> Classifier:
    """Load what reads faces: on a CPU the checkpoint's graph where its card names one, else its weights in torch."""
    card = read_card(card_path)
    if device == "cpu" and card.graph_sha256 is not None:
        refuse_other_crops(card, card_path)
        return load_graph(card_path, card)
    from fer_model import torch_runtime
    from fer_model.checkpoints.checkpoint import load_checkpoint
    from fer_model.classification.network_classifier import NetworkClassifier

    torch_runtime.compute_alike_everywhere(device)
    network, card = load_checkpoint(card_path)
    return NetworkClassifier(network, card, device=device)
