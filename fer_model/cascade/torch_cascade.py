"""MTCNN's networks in torch: what a GPU runs, and the reference of what a CPU does (graph_cascade.py)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.frames import RgbImage
from fer_model.cascade.area_sampling import IntegralImages, crop, resize
from fer_model.cascade.candidates import Candidates, boxes_of_windows
from fer_model.cascade.cascade_networks import ONET_SIDE_PX, PNET_THRESHOLD, RNET_SIDE_PX, Answers
from fer_model.cascade.mtcnn_networks import ONet, PNet, RNet, widen_first_layer
from fer_model.cascade.mtcnn_weights import find_weights_folder, load_weights
from fer_model.cascade.pyramid import PNET_STRIDE_PX, Level, LevelPart
from fer_model.cascade.suppression import IndexArray

#: Pictures of one call, for the reason given at pyramid.MAX_PNET_CALL_PX.
MAX_RNET_CALL: Final = 64
MAX_ONET_CALL: Final = 16


@dataclass(frozen=True, kw_only=True)
class TorchCascadeNetworks:
    """The three networks on one device, ready for inference; see `CascadeNetworks`."""

    pnet: PNet
    rnet: RNet
    onet: ONet
    device: torch.device
    integral_images: IntegralImages = field(repr=False)

    def hold(self, images: Sequence[RgbImage]) -> "TorchPictures":
        """Take up N images of one size, until the next call."""
        return TorchPictures(self, self.integral_images.of(images))

    @torch.inference_mode()
    def judge(self, pictures: NDArray[np.uint8]) -> Answers:
        """Show (K, 48, 48, 3) RGB to O-Net."""
        calls = (
            torch.from_numpy(pictures[start : start + MAX_ONET_CALL]).to(self.device).permute(0, 3, 1, 2).float()
            for start in range(0, len(pictures), MAX_ONET_CALL)
        )
        return _answers(self.onet, calls)


class TorchPictures:
    """Pictures as integral images on a device; see `HeldPictures`."""

    def __init__(self, networks: TorchCascadeNetworks, integrals: Tensor) -> None:
        self._networks = networks
        self._integrals = integrals  # (N, H + 1, W + 1, 3)

    @property
    def num_images(self) -> int:
        """How many there are."""
        return len(self._integrals)

    @property
    def size_px(self) -> tuple[int, int]:
        """(H, W) of each."""
        return self._integrals.shape[1] - 1, self._integrals.shape[2] - 1

    @torch.inference_mode()
    def propose(self, level: Level, part: LevelPart) -> Candidates:
        """Search some rows of a level of some pictures with P-Net."""
        some = self._integrals[part.images.start : part.images.stop]
        grey_levels = resize(some, (level.height_px, level.width_px), part.rows)  # (n, 3, rows, width)
        pnet = self._networks.pnet
        probs, features = pnet(_normalised(grey_levels))  # (n, h, w), (n, h, w, 32)
        image_index, row, column = torch.nonzero(probs >= PNET_THRESHOLD, as_tuple=True)  # 3 x (K,)
        offsets = pnet.offsets(features[image_index, row, column])
        first_row = part.rows.start // PNET_STRIDE_PX
        return Candidates(
            image_index=image_index.numpy(force=True) + part.images.start,
            boxes=boxes_of_windows(row.numpy(force=True) + first_row, column.numpy(force=True), level.scale),
            scores=probs[image_index, row, column].numpy(force=True),
            offsets=offsets.numpy(force=True),
        )

    @torch.inference_mode()
    def refine(self, image_index: IndexArray, windows: IndexArray) -> Answers:
        """Show windows to R-Net."""
        return _answers(self._networks.rnet, self._cut(image_index, windows, RNET_SIDE_PX, MAX_RNET_CALL))

    @torch.inference_mode()
    def decide(self, image_index: IndexArray, windows: IndexArray) -> Answers:
        """Show windows to O-Net."""
        return _answers(self._networks.onet, self._cut(image_index, windows, ONET_SIDE_PX, MAX_ONET_CALL))

    def _cut(self, image_index: IndexArray, windows: IndexArray, side_px: int, num_per_call: int) -> Iterator[Tensor]:
        images = torch.from_numpy(image_index).to(self._integrals.device)
        places = torch.from_numpy(windows).to(self._integrals.device)
        for start in range(0, max(1, len(windows)), num_per_call):  # at least one, perhaps of no picture
            call = slice(start, start + num_per_call)
            yield crop(self._integrals, images[call], places[call], side_px)


def load_networks(device: str = "cpu") -> TorchCascadeNetworks:
    """Load the cascade's networks from the installed facenet-pytorch, onto "cpu" or "cuda:0"."""
    folder = find_weights_folder()
    pnet, rnet, onet = PNet(), RNet(), ONet()
    for network, file_name in ((pnet, "pnet.pt"), (rnet, "rnet.pt"), (onet, "onet.pt")):
        weights = {name: torch.from_numpy(weight) for name, weight in load_weights(file_name, folder).items()}
        network.load_state_dict(widen_first_layer(weights) if network is pnet else weights)
        # channels last: R- and O-Net are three to four times as fast on a CPU
        network.eval().requires_grad_(False).to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    place = torch.device(device)
    return TorchCascadeNetworks(pnet=pnet, rnet=rnet, onet=onet, device=place, integral_images=IntegralImages(place))


def _answers(network: RNet | ONet, calls: Iterator[Tensor]) -> Answers:
    """Run a network on grey levels (n, 3, side, side) of some calls."""
    outputs = [network(_normalised(grey_levels)) for grey_levels in calls]
    scores, offsets, *landmarks = (torch.cat(output).numpy(force=True) for output in zip(*outputs, strict=True))
    return Answers(
        scores=scores, offsets=offsets, landmarks=landmarks[0] if landmarks else np.empty((len(scores), 0), np.float32)
    )


def _normalised(grey_levels: Tensor) -> Tensor:
    """Bring grey levels 0..255 to the range that the networks were trained on, about -1..1."""
    return (grey_levels - 127.5) * 0.0078125
