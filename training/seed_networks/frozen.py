"""A network trained on ImageNet, kept as it is, with a small head that learns emotions (transfer learning).

Needs torchvision, which is imported only when a network is built.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.errors import InputError
from training.seed_networks.pretrained import Base, load_imagenet_weights

#: Mean and deviation of ImageNet's red, green and blue as fractions of white, by which torchvision's weights expect it.
_IMAGENET_MEAN: Final = (0.485, 0.456, 0.406)
_IMAGENET_STD: Final = (0.229, 0.224, 0.225)

#: Channels of each base's last feature map, and how many pixels of the picture one of its cells stands for.
_NUM_CHANNELS: Final = {"mobilenet_v2": 1280, "resnet50": 2048, "vgg16": 512}
_CELL_PX: Final = 32


@dataclass(frozen=True, kw_only=True)
class FrozenBase:
    """Features of an ImageNet network, gathered, and two dense layers on top."""

    num_labels: int
    base: Base
    gathering: Literal["average", "flatten"]  # of the last feature map
    num_hidden: int  # units of the first dense layer
    dropout_before: float = 0.0  # of the gathered features
    dropout_after: float = 0.0  # of the hidden units
    side_px: int = 96  # pictures are enlarged to this; 224 is what the base was trained on, five times as slow
    weights_path: str = ""  # torchvision's file, given by the user; "": the base comes with a trained network's weights

    def __post_init__(self) -> None:
        if self.side_px < _CELL_PX or self.side_px % _CELL_PX:
            raise ValueError(f"side_px must be a multiple of {_CELL_PX}, got {self.side_px}")

    def build(self) -> "FrozenNetwork":
        """Make the network: the base from its file where there is one, the head with fresh random weights."""
        num_cells = (self.side_px // _CELL_PX) ** 2 if self.gathering == "flatten" else 1
        gather = nn.Flatten() if self.gathering == "flatten" else nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        head = nn.Sequential(
            gather,
            nn.Dropout(self.dropout_before),
            nn.Linear(_NUM_CHANNELS[self.base] * num_cells, self.num_hidden),
            nn.ReLU(),
            nn.Dropout(self.dropout_after),
            nn.Linear(self.num_hidden, self.num_labels),
        )
        weights = load_imagenet_weights(self.base, self.weights_path) if self.weights_path else None
        return FrozenNetwork(_build_base(self.base, weights), head, side_px=self.side_px, is_base_given=bool(weights))


class FrozenNetwork(nn.Module):
    """Grey faces in, logits out; only the head learns."""

    imagenet_mean: Tensor
    imagenet_std: Tensor

    def __init__(self, base: nn.Module, head: nn.Module, *, side_px: int, is_base_given: bool) -> None:
        super().__init__()
        self.base = base.requires_grad_(False).eval()
        self.head = head
        self.side_px = side_px
        self.is_base_given = is_base_given  # or comes later, with the weights of a network that was trained before
        self.register_buffer("imagenet_mean", torch.tensor(_IMAGENET_MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("imagenet_std", torch.tensor(_IMAGENET_STD).view(1, 3, 1, 1), persistent=False)

    def train(self, mode: bool = True) -> "FrozenNetwork":
        """Set the head's mode; the base always evaluates, so that its norms keep what ImageNet taught them."""
        super().train(mode)
        self.base.eval()
        return self

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False) -> Any:
        """Take the weights of a network that was trained before: base and head."""
        loaded = super().load_state_dict(state_dict, strict=strict, assign=assign)
        self.is_base_given = True
        return loaded

    def forward(self, pictures: Tensor) -> Tensor:
        """(N, 1, 48, 48) float grey levels 0..255 -> (N, num_labels) logits. Raises InputError for a base not given."""
        if not self.is_base_given:
            raise InputError("this recipe starts from ImageNet weights; give torchvision's file with --weights FILE")
        x = F.interpolate(pictures, size=(self.side_px, self.side_px), mode="bilinear", align_corners=False)
        x = (x / 255 - self.imagenet_mean) / self.imagenet_std  # (N, 1, S, S) -> (N, 3, S, S), grey in each channel
        with torch.no_grad():
            features = self.base(x)  # (N, C, S / 32, S / 32)
        logits: Tensor = self.head(features)
        return logits


def require_weights(architecture: object) -> None:
    """Check a recipe's network before a run begins. Raises InputError where it needs a file and has another or none."""
    if isinstance(architecture, FrozenBase):
        load_imagenet_weights(architecture.base, architecture.weights_path)


def _build_base(base: Base, weights: dict[str, Tensor] | None) -> nn.Module:
    """Build a base without its classifier: (N, 3, S, S) -> (N, C, S / 32, S / 32)."""
    from torchvision import models  # type: ignore[import-untyped]

    with torch.device("meta"):  # shapes only: no time spent on random weights that nobody wants
        network = models.get_model(base, weights=None)
    if weights is not None:
        network.load_state_dict(weights, assign=True)
    # all but average and classifier
    features: nn.Module = nn.Sequential(*list(network.children())[:-2]) if base == "resnet50" else network.features
    return features if weights is not None else features.to_empty(device="cpu")
