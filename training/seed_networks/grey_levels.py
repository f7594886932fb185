"""Grey levels brought to a network's range inside the network, so that training and use cannot differ."""

from torch import Tensor, nn


class GreyLevels(nn.Module):
    """Shift and scale by fixed numbers, which are part of the architecture and not of a data loader."""

    def __init__(self, *, mean: float, std: float) -> None:
        super().__init__()
        self.mean = mean  # both as fractions of white
        self.std = std

    def forward(self, pictures: Tensor) -> Tensor:
        """(N, 1, H, W) grey levels 0..255 -> the same shape, (fraction of white - mean) / std."""
        return (pictures / 255 - self.mean) / self.std
