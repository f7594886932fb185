"""Frames and the faces in them, as they pass from decoder to detector to classifier. Knows no file or network."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

#: A decoded picture: (H, W, 3) uint8 RGB, upright (rotation metadata already applied).
RgbImage = NDArray[np.uint8]


class FrameStatus(StrEnum):
    """What became of a sampled frame. Every sampled frame has a row, whatever it showed."""

    FACE = "face"  # decoded, and at least one face found
    NO_FACE = "no_face"  # decoded and searched; nobody there
    UNDECODABLE = "undecodable"  # the bytes for this moment are damaged; nothing was searched


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One sampled picture of a media, at its presentation time."""

    frame_index: int  # 0-based position among the media's frames in presentation order
    pts_us: int  # presentation time in the stream, whole microseconds: round(pts * time_base * 1e6)
    image: RgbImage | None  # None: undecodable

    def __post_init__(self) -> None:
        if self.frame_index < 0:
            raise ValueError(f"frame_index must not be negative, got {self.frame_index}")
        if self.image is not None and (self.image.ndim != 3 or self.image.shape[2] != 3):
            raise ValueError(f"expected an (H, W, 3) image, got {self.image.shape}")

    @property
    def num_pixels(self) -> int:
        """Height times width; 0 where the frame is undecodable."""
        return 0 if self.image is None else self.image.shape[0] * self.image.shape[1]


@dataclass(frozen=True, kw_only=True)
class Face:
    """One detected face."""

    box: tuple[float, float, float, float]  # x1, y1, x2, y2 pixels of the source frame, origin top-left
    score: float  # the detector's confidence that this is a face, 0..1
    landmarks: tuple[tuple[float, float], ...]  # left eye, right eye, nose, mouth left, right: x, y px; () if not kept

    @property
    def height_px(self) -> float:
        """Height of the box in pixels."""
        return self.box[3] - self.box[1]
