"""What the cascade asks of its networks, whatever runs them: onnxruntime on a CPU, torch on a GPU."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from core.frames import RgbImage
from fer_model.cascade.candidates import Candidates
from fer_model.cascade.pyramid import Level, LevelPart
from fer_model.cascade.suppression import FloatArray, IndexArray

#: Face probability that a window of P-Net's needs.
PNET_THRESHOLD: Final = 0.6

#: Sides of the pictures that R-Net and O-Net see.
RNET_SIDE_PX: Final = 24
ONET_SIDE_PX: Final = 48


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What R- or O-Net says of K pictures."""

    scores: FloatArray  # (K,) face probability, 0..1
    offsets: FloatArray  # (K, 4) where it would move x1, y1, x2, y2, in sides of the box
    landmarks: FloatArray  # (K, 10) five x, then five y, in sides of the box; (K, 0) of R-Net


class HeldPictures(Protocol):
    """Some pictures of one size, held so that any part of them is quickly resampled."""

    @property
    def num_images(self) -> int:
        """How many there are."""
        ...

    @property
    def size_px(self) -> tuple[int, int]:
        """(H, W) of each."""
        ...

    def propose(self, level: Level, part: LevelPart) -> Candidates:
        """Search some rows of a level of some pictures with P-Net: what reaches PNET_THRESHOLD."""
        ...

    def refine(self, image_index: IndexArray, windows: IndexArray) -> Answers:
        """Show windows (K, 4) of pictures (K,), x1, y1, x2, y2 (end exclusive) within them, to R-Net."""
        ...

    def decide(self, image_index: IndexArray, windows: IndexArray) -> Answers:
        """Do as `refine`, with O-Net."""
        ...


class CascadeNetworks(Protocol):
    """The three networks of a process, shared by any number of detectors."""

    def hold(self, images: Sequence[RgbImage]) -> HeldPictures:
        """Take up N images of one size, until the next call."""
        ...

    def judge(self, pictures: NDArray[np.uint8]) -> Answers:
        """Show (K, 48, 48, 3) RGB, K > 0, to O-Net."""
        ...
