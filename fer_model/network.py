"""The emotion network: a small residual trunk with two heads, one per label set.

Knows tensors only: no files, no frames. Plain 3x3 convolutions, because on a CPU they are faster than depthwise ones.
"""

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.emotions import EMOTIONS, FERPLUS_COLUMNS

#: Side of the square grey picture that the network sees (FER2013's own size).
INPUT_SIDE_PX: Final = 48

#: Added to a picture's standard deviation (in grey levels) before dividing by it, so that a flat picture stays finite.
CONTRAST_FLOOR: Final = 8.0

#: Kernel of the stem by its stride: a stem that halves the picture must see more of it.
_STEM_KERNEL_PX: Final = {1: 3, 2: 5}


@dataclass(frozen=True, kw_only=True)
class NetworkShape:
    """Widths and depths of the trunk; written into the checkpoint's card so that the network can be rebuilt."""

    widths: tuple[int, ...] = (16, 32, 64, 128)  # channels of each stage
    depths: tuple[int, ...] = (2, 2, 2, 1)  # residual blocks of each stage
    stem_stride: int = 1  # 1: a 3x3 stem at full size; 2: a 5x5 stem that halves the picture, a third faster
    first_stride: int = 1  # stride of the first stage; every later stage halves the picture
    squeeze_ratio: int = 0  # channels per hidden channel of the squeeze-and-excitation gates; 0: no gates
    dropout: float = 0.2  # before the heads, while training

    def __post_init__(self) -> None:
        if len(self.widths) != len(self.depths) or not self.widths:
            raise ValueError(f"widths and depths must have one entry a stage, got {self.widths} and {self.depths}")
        if self.stem_stride not in _STEM_KERNEL_PX:
            raise ValueError(f"the stem's stride is 1 or 2, got {self.stem_stride}")

    def build(self) -> "EmotionNetwork":
        """Make a network of this shape with fresh random weights."""
        return EmotionNetwork(self)


@dataclass(frozen=True, kw_only=True)
class HeadLogits:
    """Raw outputs of the two heads for N pictures."""

    fer2013: Tensor  # (N, 7), order of core.emotions.EMOTIONS
    ferplus: Tensor  # (N, 10), order of core.emotions.FERPLUS_COLUMNS


class ChannelGate(nn.Module):
    """Squeeze and excitation: each channel scaled by what the whole picture holds (Hu et al. 2018)."""

    def __init__(self, num_channels: int, squeeze_ratio: int) -> None:
        super().__init__()
        num_hidden = max(8, num_channels // squeeze_ratio)
        self.squeeze = nn.Linear(num_channels, num_hidden)
        self.excite = nn.Linear(num_hidden, num_channels)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> the same shape."""
        gate = torch.sigmoid(self.excite(F.relu(self.squeeze(x.mean(dim=(2, 3))))))  # (N, C)
        return x * gate[:, :, None, None]


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions with batch normalisation and a shortcut (He et al. 2016), on request with a gate."""

    def __init__(self, num_in: int, num_out: int, stride: int, squeeze_ratio: int = 0) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(num_in, num_out, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(num_out)
        self.conv2 = nn.Conv2d(num_out, num_out, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(num_out)
        self.gate = ChannelGate(num_out, squeeze_ratio) if squeeze_ratio else nn.Identity()
        self.shortcut = nn.Sequential()
        if stride != 1 or num_in != num_out:
            self.shortcut = nn.Sequential(nn.Conv2d(num_in, num_out, 1, stride, bias=False), nn.BatchNorm2d(num_out))

    def forward(self, x: Tensor) -> Tensor:
        """(N, num_in, H, W) -> (N, num_out, H / stride, W / stride)."""
        y = F.relu(self.norm1(self.conv1(x)))
        y = self.gate(self.norm2(self.conv2(y)))
        return F.relu(y + self.shortcut(x))


class EmotionNetwork(nn.Module):
    """Grey faces in, logits of both heads out. Normalises each picture's contrast itself."""

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        self.shape = shape
        stem_width = shape.widths[0]
        kernel = _STEM_KERNEL_PX[shape.stem_stride]
        self.stem = nn.Sequential(
            nn.Conv2d(1, stem_width, kernel, shape.stem_stride, kernel // 2, bias=False),
            nn.BatchNorm2d(stem_width),
            nn.ReLU(),
        )
        blocks: list[nn.Module] = []
        num_in = stem_width
        for stage_index, (width, depth) in enumerate(zip(shape.widths, shape.depths, strict=True)):
            for block_index in range(depth):
                first_of_stage = block_index == 0
                stride = (shape.first_stride if stage_index == 0 else 2) if first_of_stage else 1
                blocks.append(ResidualBlock(num_in, width, stride, shape.squeeze_ratio))
                num_in = width
        self.trunk = nn.Sequential(*blocks)
        self.dropout = nn.Dropout(shape.dropout)
        self.fer2013_head = nn.Linear(num_in, len(EMOTIONS))
        self.ferplus_head = nn.Linear(num_in, len(FERPLUS_COLUMNS))

    def forward(self, pictures: Tensor) -> HeadLogits:
        """(N, 1, 48, 48) float grey levels in 0..255 -> logits of both heads."""
        x = self.trunk(self.stem(normalise_contrast(pictures)))  # -> (N, C, h, w)
        x = self.dropout(x.mean(dim=(2, 3)))  # (N, C, h, w) -> (N, C)
        return HeadLogits(fer2013=self.fer2013_head(x), ferplus=self.ferplus_head(x))


def normalise_contrast(pictures: Tensor) -> Tensor:
    """Give each (1, 48, 48) picture of a batch zero mean and about unit deviation; a flat picture becomes zeros."""
    mean = pictures.mean(dim=(1, 2, 3), keepdim=True)
    std = pictures.std(dim=(1, 2, 3), keepdim=True, correction=0)
    return (pictures - mean) / (std + CONTRAST_FLOOR)


def num_parameters(network: nn.Module) -> int:
    """Count the trainable numbers of a network."""
    return sum(parameter.numel() for parameter in network.parameters())


def pictures_to_tensor(pictures: Tensor) -> Tensor:
    """(N, 48, 48) uint8 grey -> (N, 1, 48, 48) float32 grey levels: the one way into the network, always."""
    if pictures.dtype != torch.uint8 or pictures.shape[1:] != (INPUT_SIDE_PX, INPUT_SIDE_PX):
        raise ValueError(f"expected (N, 48, 48) uint8 pictures, got {tuple(pictures.shape)} {pictures.dtype}")
    return pictures.unsqueeze(1).float()
