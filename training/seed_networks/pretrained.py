"""ImageNet weights that a user gives as a file: which torchvision file is wanted, and whether this is it.

Downloads nothing. Needs torchvision, which is imported only when weights are asked for.
"""

import hashlib
from pathlib import Path
from typing import Final, Literal

import torch
from torch import Tensor

from core.errors import InputError

Base = Literal["mobilenet_v2", "resnet50", "vgg16"]

#: torchvision's names of the weights; the file's name and address are read from torchvision.
_WEIGHTS_OF: Final = {
    "mobilenet_v2": "MobileNet_V2_Weights.IMAGENET1K_V1",
    "resnet50": "ResNet50_Weights.IMAGENET1K_V1",
    "vgg16": "VGG16_Weights.IMAGENET1K_V1",
}


def load_imagenet_weights(base: Base, path: str) -> dict[str, Tensor]:
    """Load a base's weights. Raises InputError that names the wanted file where `path` is empty or another file."""
    from torchvision.models import get_weight  # type: ignore[import-untyped]

    url = get_weight(_WEIGHTS_OF[base]).url
    file_name = url.rpartition("/")[2]
    if not path:
        raise InputError(f"this recipe starts from ImageNet weights: download {url} and give it with --weights FILE")
    try:
        sha256 = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError as error:
        raise InputError(
            f"--weights {path}: cannot be read ({error.strerror}); give torchvision's {file_name}"
        ) from error
    expected = Path(file_name).stem.rpartition("-")[2]  # torchvision ends a file's name with its SHA-256's first digits
    if not sha256.startswith(expected):
        raise InputError(f"--weights {path}: SHA-256 is {sha256[:12]}…, not {expected}…; download {url}")
    weights: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return weights
