"""What every face detector promises. Knows no network.

Implementations: `exact.py` and `following.py` for video, `cascade.py` for pictures.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.frames import Face, Frame, RgbImage


@dataclass(frozen=True, kw_only=True)
class SearchedFrame:
    """A frame, and who is in it."""

    frame: Frame
    faces: tuple[Face, ...]  # largest first, ties by x1; empty where nobody is, and where the frame is undecodable
    begins_shot: bool  # nothing is known of who was where before: the first frame, or the first after a cut


class PictureDetector(Protocol):
    """Finds the faces of single pictures."""

    def detect(self, images: Sequence[RgbImage]) -> list[tuple[Face, ...]]:
        """Find the faces of each image, whose sizes may differ: largest first, ties by x1."""
        ...


class Detector(Protocol):
    """Finds the faces of consecutive frames of one media.

    A detector is made for every chunk, so that a chunk's rows depend on its own frames alone; the costly part, the
    networks, is loaded once and shared between detectors.
    """

    def search(self, frames: Iterable[Frame]) -> Iterator[list[SearchedFrame]]:
        """Search the frames of a chunk, given in presentation order: all of them, in order, a few at a time.

        Boxes are not clipped: those of faces cut by the border reach outside the frame. Sizes may differ.
        """
        ...
