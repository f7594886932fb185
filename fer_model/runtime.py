"""How this process computes: one thread, and networks loaded once. The only loader that workers call."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import torch

from core.errors import EnvironmentFault
from core.media import DetectorKind
from fer_model import mtcnn_networks
from fer_model.card import read_card
from fer_model.cascade import Cascade
from fer_model.checkpoint import load_checkpoint, refuse_other_crops
from fer_model.classifier import Classifier, NetworkClassifier
from fer_model.detector import Detector
from fer_model.exact import ExactDetector
from fer_model.following import FollowingDetector
from fer_model.graph_classifier import load_graph
from fer_model.mtcnn_networks import CascadeNetworks


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
    if device.startswith("cuda") and not torch.cuda.is_available():
        raise EnvironmentFault(f"device {device}: torch sees no GPU here; use cpu, or see to its driver")
    compute_alike_everywhere()
    return Networks(
        cascade=mtcnn_networks.load_networks(device),
        classifier=load_classifier(card_path, device=device),
    )


def load_classifier(card_path: Path, *, device: str = "cpu") -> Classifier:
    """Load what reads faces: on a CPU the checkpoint's graph where its card names one, else its weights in torch."""
    card = read_card(card_path)
    if device == "cpu" and card.graph_sha256 is not None:
        refuse_other_crops(card, card_path)
        return load_graph(card_path, card)
    network, card = load_checkpoint(card_path)
    return NetworkClassifier(network, card, device=device)


def compute_alike_everywhere() -> None:
    """Keep this process to one computing thread, and a GPU's convolutions to the precision that a CPU's have.

    One thread, because several processes share a machine better than several threads share a small network, and
    because sums taken in another order would change the last digits of a row. A GPU would otherwise round inputs to ten
    bits (TF32).
    """
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cuda.matmul.allow_tf32 = False


def describe_gpu() -> str:
    """Name the GPU that torch sees, or say that there is none; Moodline works without."""
    if not torch.cuda.is_available():
        return "none; the CPU is used"
    return torch.cuda.get_device_name(0)
