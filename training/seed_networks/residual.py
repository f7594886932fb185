"""ResNet-34 for grey faces. Needs torchvision, which is imported only when a network is built."""

from dataclasses import dataclass

from torch import nn

from training.seed_networks.grey_levels import GreyLevels


@dataclass(frozen=True, kw_only=True)
class GreyResnet34:
    """He et al.'s 34 layers (2016) with one input channel; 48 px become 2 px before the average."""

    num_labels: int
    mean: float = 0.507  # of FER2013's Training grey levels as fractions of white
    std: float = 0.255

    def build(self) -> nn.Module:
        """Make the network with fresh random weights: (N, 1, 48, 48) grey levels 0..255 -> (N, num_labels) logits."""
        from torchvision.models import resnet34  # type: ignore[import-untyped]

        network = resnet34(weights=None, num_classes=self.num_labels)
        network.conv1 = nn.Conv2d(1, 64, 7, stride=2, padding=3, bias=False)
        nn.init.kaiming_normal_(network.conv1.weight, mode="fan_out", nonlinearity="relu")  # as torchvision's own
        return nn.Sequential(GreyLevels(mean=self.mean, std=self.std), network)
