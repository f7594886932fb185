"""What every face detector promises. Knows no network: `cascade.py` is the exact implementation."""

from collections.abc import Sequence
from typing import Protocol

from core.frames import Face, RgbImage


class Detector(Protocol):
    """Finds the faces of consecutive frames of one media.

    A detector may carry state from frame to frame, across calls: frames are passed in presentation order, and a new
    detector is made for every chunk, so that a chunk's rows depend on its own frames alone. The costly part, the
    networks, is loaded once and shared between detectors. How frames are grouped into calls must not change a result.
    """

    def detect(self, images: Sequence[RgbImage]) -> list[tuple[Face, ...]]:
        """Find the faces of each image: largest first, ties by x1; an empty tuple where nobody is.

        Boxes are not clipped: those of faces cut by the border reach outside the frame. Sizes may differ.
        """
        ...
