"""What a face looks like, as numbers that are near for one person's faces: with weights that the user brings, or not.

The network is facenet-pytorch's InceptionResnetV1 (Szegedy et al. 2016, Schroff et al. 2015). No weights come with
Moodline, and nothing here runs unless it is asked for: comparing faces to tell who is who needs a consent of its own.
"""

import hashlib
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

import cv2
import numpy as np
import safetensors
import safetensors.torch
import torch
from torch import Tensor, nn

from core.errors import EnvironmentFault, InputError
from core.frames import RgbImage
from core.tracks.likeness import Embedding

#: What its networks were trained on: faces of this size, with pixels (p - 127.5) / 128.
_SIDE_PX: Final = 160
_BATCH_SIZE: Final = 16


class Embedder(Protocol):
    """Turns pictures of faces into embeddings."""

    @property
    def weights_sha256(self) -> str:
        """Which weights spoke: embeddings of others cannot be compared."""
        ...

    def embed(self, faces: Sequence[RgbImage]) -> list[Embedding]:
        """Return one embedding a picture; sizes may differ."""
        ...


class ResnetEmbedder:
    """InceptionResnetV1 with given weights; see `Embedder`."""

    def __init__(self, network: nn.Module, weights_sha256: str) -> None:
        self._network = network
        self._weights_sha256 = weights_sha256

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the weights' file."""
        return self._weights_sha256

    @torch.inference_mode()
    def embed(self, faces: Sequence[RgbImage]) -> list[Embedding]:
        """Return one embedding a picture."""
        found: list[Embedding] = []
        for start in range(0, len(faces), _BATCH_SIZE):
            some = faces[start : start + _BATCH_SIZE]
            squares = [cv2.resize(face, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA) for face in some]
            pixels = torch.from_numpy(np.stack(squares)).permute(0, 3, 1, 2).float()  # (N, 3, 160, 160)
            found.extend(np.asarray(self._network((pixels - 127.5) / 128).numpy(), np.float32))  # (N, 512)
        return found


def load_embedder(path: Path) -> ResnetEmbedder:
    """Load the network with a file of weights: safetensors, or PyTorch's with tensors only. Raises InputError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give the weights of InceptionResnetV1") from error
    try:
        from facenet_pytorch.models.inception_resnet_v1 import InceptionResnetV1
    except ImportError as error:
        raise EnvironmentFault("comparing faces needs facenet-pytorch: pip install 'facenet-pytorch<2.6'") from error
    network = InceptionResnetV1(pretrained=None)
    weights = {name: value for name, value in _weights(path, content).items() if not name.startswith("logits.")}
    try:
        network.load_state_dict(weights)
    except RuntimeError as error:
        raise InputError(f"{path}: these are not the weights of an InceptionResnetV1 of facenet-pytorch") from error
    return ResnetEmbedder(network.eval(), hashlib.sha256(content).hexdigest())


def _weights(path: Path, content: bytes) -> dict[str, Tensor]:
    try:
        if path.suffix == ".safetensors":
            return safetensors.torch.load(content)
        loaded = torch.load(path, map_location="cpu", weights_only=True)  # refuses whatever would run code
    except (safetensors.SafetensorError, pickle.UnpicklingError, RuntimeError, EOFError, ValueError) as error:
        raise InputError(f"{path}: holds no weights that can be read safely; give safetensors") from error
    if not isinstance(loaded, dict) or not all(isinstance(value, Tensor) for value in loaded.values()):
        raise InputError(f"{path}: holds no table of weights; give safetensors or a state_dict")
    return loaded
