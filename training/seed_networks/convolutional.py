"""Plain convolutional networks: blocks of convolutions, then dense layers. Knows tensors only.

Follows Keras, in which these systems were written, where PyTorch's defaults differ: initial weights, batch norm's
constants, "same" pooling that keeps the last odd row. Activation comes before normalisation, as S4's summary shows.
"""

from dataclasses import dataclass
from typing import Final, Literal

import torch
from torch import Tensor, nn

from fer_model.network import INPUT_SIDE_PX
from training.seed_networks.grey_levels import GreyLevels

#: Keras' defaults; its momentum .99 is the share that is kept, PyTorch's the share that is replaced.
_NORM_EPSILON: Final = 1e-3
_NORM_MOMENTUM: Final = 0.01

_ACTIVATIONS: Final = {"relu": nn.ReLU, "elu": nn.ELU}


@dataclass(frozen=True, kw_only=True)
class Convolution:
    """One convolution with its activation."""

    num_channels: int
    kernel_px: int = 3
    stride: int = 1
    padding: Literal["same", "valid"] = "same"
    norm: Literal["batch", "none"] = "batch"  # after the activation


@dataclass(frozen=True, kw_only=True)
class Block:
    """Convolutions, then pooling over 2x2, then dropout."""

    convolutions: tuple[Convolution, ...]
    pooling: Literal["valid", "same", "none"] = "valid"  # of an odd side, "valid" drops the last row, "same" keeps it
    dropout: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Dense:
    """One fully connected layer with its activation."""

    num_units: int
    norm: Literal["batch", "none"] = "batch"  # after the activation
    dropout: float = 0.0


@dataclass(frozen=True, kw_only=True)
class PlainConvolution:
    """Blocks, dense layers, and one logit a label."""

    num_labels: int
    blocks: tuple[Block, ...]
    dense: tuple[Dense, ...]
    activation: Literal["relu", "elu"] = "relu"
    initialiser: Literal["glorot_uniform", "he_normal"] = "glorot_uniform"  # of all but the last layer
    mean: float = 0.0  # of the grey levels as fractions of white; taken away
    std: float = 1.0  # likewise; divided by

    def build(self) -> "PlainConvolutionNetwork":
        """Make the network with fresh random weights."""
        return PlainConvolutionNetwork(self)


class PlainConvolutionNetwork(nn.Module):
    """Grey faces in, logits of one label set out."""

    def __init__(self, architecture: PlainConvolution) -> None:
        super().__init__()
        self.grey_levels = GreyLevels(mean=architecture.mean, std=architecture.std)
        trunk: list[nn.Module] = []
        num_channels = 1
        for block in architecture.blocks:
            trunk += _layers_of_block(block, num_channels, architecture)
            num_channels = block.convolutions[-1].num_channels
        self.trunk = nn.Sequential(*trunk, nn.Flatten())
        head: list[nn.Module] = []
        num_units = _num_outputs(self.trunk)
        for dense in architecture.dense:
            head += _layers_of_dense(dense, num_units, architecture)
            num_units = dense.num_units
        self.head = nn.Sequential(*head, _initialised(nn.Linear(num_units, architecture.num_labels), "glorot_uniform"))

    def forward(self, pictures: Tensor) -> Tensor:
        """(N, 1, 48, 48) float grey levels 0..255 -> (N, num_labels) logits."""
        features = self.trunk(self.grey_levels(pictures))  # (N, 1, 48, 48) -> (N, C * h * w)
        logits: Tensor = self.head(features)
        return logits


def _layers_of_block(block: Block, num_in: int, architecture: PlainConvolution) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for convolution in block.convolutions:
        num_out, kernel_px = convolution.num_channels, convolution.kernel_px
        padding_px = kernel_px // 2 if convolution.padding == "same" else 0
        layer = nn.Conv2d(num_in, num_out, kernel_px, convolution.stride, padding_px)
        layers += [_initialised(layer, architecture.initialiser), _ACTIVATIONS[architecture.activation]()]
        if convolution.norm == "batch":
            layers.append(nn.BatchNorm2d(num_out, eps=_NORM_EPSILON, momentum=_NORM_MOMENTUM))
        num_in = num_out
    if block.pooling != "none":
        layers.append(nn.MaxPool2d(2, ceil_mode=block.pooling == "same"))
    return [*layers, nn.Dropout(block.dropout)]


def _layers_of_dense(dense: Dense, num_in: int, architecture: PlainConvolution) -> list[nn.Module]:
    layer = nn.Linear(num_in, dense.num_units)
    layers = [_initialised(layer, architecture.initialiser), _ACTIVATIONS[architecture.activation]()]
    if dense.norm == "batch":
        layers.append(nn.BatchNorm1d(dense.num_units, eps=_NORM_EPSILON, momentum=_NORM_MOMENTUM))
    return [*layers, nn.Dropout(dense.dropout)]


def _initialised(layer: nn.Conv2d | nn.Linear, initialiser: str) -> nn.Module:
    """Draw a layer's weights anew; biases start at nought."""
    for name, parameter in layer.named_parameters():
        if name == "bias":
            nn.init.zeros_(parameter)
        elif initialiser == "he_normal":
            nn.init.kaiming_normal_(parameter)
        else:
            nn.init.xavier_uniform_(parameter)
    return layer


@torch.no_grad()
def _num_outputs(trunk: nn.Module) -> int:
    """Features of one picture, counted on a blank one; in evaluation mode, so that no norm learns from it."""
    num: int = trunk.eval()(torch.zeros(1, 1, INPUT_SIDE_PX, INPUT_SIDE_PX)).shape[1]
    trunk.train()
    return num
