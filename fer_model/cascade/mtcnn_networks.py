"""MTCNN's three networks (Zhang et al. 2016) with the layer names of facenet-pytorch, whose weights they take.

A GPU runs these; a CPU runs graphs that are held to them (mtcnn_graphs.py). They see normalised pixels,
(grey level - 127.5) / 128, and know nothing of frames or boxes.
"""

from typing import Final

import torch
from torch import Tensor, nn

#: Channels of P-Net's first layer in memory: its 10 and 6 zeros, as pooling is vectorised over whole groups of 16.
PNET_FIRST_CHANNELS: Final = 16


class PNet(nn.Module):
    """Proposes faces: one answer per 12x12 window of a picture of any size, windows 2 px apart."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, PNET_FIRST_CHANNELS, 3)
        self.prelu1 = nn.PReLU(PNET_FIRST_CHANNELS)
        self.pool1 = nn.MaxPool2d(2, 2, ceil_mode=True)
        self.conv2 = nn.Conv2d(PNET_FIRST_CHANNELS, 16, 3)
        self.prelu2 = nn.PReLU(16)
        self.conv3 = nn.Conv2d(16, 32, 3)
        self.prelu3 = nn.PReLU(32)
        self.conv4_1 = nn.Conv2d(32, 2, 1)  # not a face, face
        self.conv4_2 = nn.Conv2d(32, 4, 1)  # box offsets

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(N, 3, H, W) -> face probabilities (N, h, w) and the features (N, h, w, 32) that `offsets` reads."""
        x = self.pool1(self.prelu1(self.conv1(x)))
        x = self.prelu2(self.conv2(x))
        x = self.prelu3(self.conv3(x))
        features = x.permute(0, 2, 3, 1)  # (N, 32, h, w) -> (N, h, w, 32)
        # softmax over two classes is the sigmoid of the logits' difference: one vector's product, not a convolution
        weight = (self.conv4_1.weight[1] - self.conv4_1.weight[0]).flatten()  # (2, 32, 1, 1) -> (32,)
        bias = self.conv4_1.bias[1] - self.conv4_1.bias[0]  # type: ignore[index]  # it has a bias
        return torch.sigmoid(features @ weight + bias), features

    def offsets(self, features: Tensor) -> Tensor:
        """Box offsets (K, 4), in window sides, of K chosen windows with features (K, 32)."""
        return nn.functional.linear(features, self.conv4_2.weight.flatten(1), self.conv4_2.bias)


class RNet(nn.Module):
    """Refines: 24x24 candidates to face probabilities and box offsets."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 28, 3)
        self.prelu1 = nn.PReLU(28)
        self.pool1 = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.conv2 = nn.Conv2d(28, 48, 3)
        self.prelu2 = nn.PReLU(48)
        self.pool2 = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.conv3 = nn.Conv2d(48, 64, 2)
        self.prelu3 = nn.PReLU(64)
        self.dense4 = nn.Linear(576, 128)
        self.prelu4 = nn.PReLU(128)
        self.dense5_1 = nn.Linear(128, 2)  # not a face, face
        self.dense5_2 = nn.Linear(128, 4)  # box offsets

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(N, 3, 24, 24) -> face probabilities (N,) and box offsets (N, 4) in box sides."""
        x = self.pool1(self.prelu1(self.conv1(x)))
        x = self.pool2(self.prelu2(self.conv2(x)))
        x = self.prelu3(self.conv3(x))
        x = x.permute(0, 3, 2, 1).flatten(1)  # (N, 64, 3, 3) -> (N, 576), columns first as in Caffe
        x = self.prelu4(self.dense4(x))
        return self.dense5_1(x).softmax(1)[:, 1], self.dense5_2(x)


class ONet(nn.Module):
    """Decides: 48x48 candidates to face probabilities, box offsets and five landmarks."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 3)
        self.prelu1 = nn.PReLU(32)
        self.pool1 = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.prelu2 = nn.PReLU(64)
        self.pool2 = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.conv3 = nn.Conv2d(64, 64, 3)
        self.prelu3 = nn.PReLU(64)
        self.pool3 = nn.MaxPool2d(2, 2, ceil_mode=True)
        self.conv4 = nn.Conv2d(64, 128, 2)
        self.prelu4 = nn.PReLU(128)
        self.dense5 = nn.Linear(1152, 256)
        self.prelu5 = nn.PReLU(256)
        self.dense6_1 = nn.Linear(256, 2)  # not a face, face
        self.dense6_2 = nn.Linear(256, 4)  # box offsets
        self.dense6_3 = nn.Linear(256, 10)  # landmarks: five x, then five y

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(N, 3, 48, 48) -> face probabilities (N,), box offsets (N, 4) and landmarks (N, 10), both in box sides."""
        x = self.pool1(self.prelu1(self.conv1(x)))
        x = self.pool2(self.prelu2(self.conv2(x)))
        x = self.pool3(self.prelu3(self.conv3(x)))
        x = self.prelu4(self.conv4(x))
        x = x.permute(0, 3, 2, 1).flatten(1)  # (N, 128, 3, 3) -> (N, 1152), columns first as in Caffe
        x = self.prelu5(self.dense5(x))
        return self.dense6_1(x).softmax(1)[:, 1], self.dense6_2(x), self.dense6_3(x)


def widen_first_layer(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Pad P-Net's first layer to `PNET_FIRST_CHANNELS` with channels that are always zero."""
    num_more = PNET_FIRST_CHANNELS - weights["conv1.bias"].shape[0]
    first_of_shape = (0, 0) * 3  # leaves a weight's last three axes as they are
    return weights | {
        "conv1.weight": nn.functional.pad(weights["conv1.weight"], (*first_of_shape, 0, num_more)),
        "conv1.bias": nn.functional.pad(weights["conv1.bias"], (0, num_more)),
        "prelu1.weight": nn.functional.pad(weights["prelu1.weight"], (0, num_more)),
        "conv2.weight": nn.functional.pad(weights["conv2.weight"], (0, 0, 0, 0, 0, num_more)),
    }
