"""Candidate boxes on their way through the cascade, and MTCNN's arithmetic on them. Knows no network and no pixels.

Rounding and off-by-ones are facenet-pytorch's (its weights were trained with them); all in float32, as there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from fer_model.cascade.suppression import FloatArray, IndexArray


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """K boxes that may be faces, as a network left them."""

    image_index: IndexArray  # (K,) which picture of the batch
    boxes: FloatArray  # (K, 4) x1, y1, x2, y2 pixels of the source picture; may reach outside
    scores: FloatArray  # (K,) face probability, 0..1
    offsets: FloatArray  # (K, 4) where the network would move x1, y1, x2, y2, in sides of the box; not applied

    def __post_init__(self) -> None:
        num_candidates = len(self.scores)
        shapes = (self.image_index.shape, self.boxes.shape, self.offsets.shape)
        if shapes != ((num_candidates,), (num_candidates, 4), (num_candidates, 4)):
            raise ValueError(f"expected (K,), (K, 4) and (K, 4) for {num_candidates} candidates, got {shapes}")

    def __len__(self) -> int:
        return len(self.scores)

    def take(self, chosen: IndexArray) -> Self:
        """Choose some, by position."""
        return type(self)(
            image_index=self.image_index[chosen],
            boxes=self.boxes[chosen],
            scores=self.scores[chosen],
            offsets=self.offsets[chosen],
        )

    def moved(self, *, extra_px: int) -> FloatArray:
        """Apply the offsets: boxes (K, 4). A side counts `extra_px` more than the difference of its coordinates."""
        sides = self.boxes[:, 2:] - self.boxes[:, :2] + extra_px  # (K, 2)
        return self.boxes + self.offsets * sides[:, [0, 1, 0, 1]]


def joined(parts: Sequence[Candidates]) -> Candidates:
    """Put candidates of several calls into one, in order."""
    return Candidates(
        image_index=np.concatenate([part.image_index for part in parts]),
        boxes=np.concatenate([part.boxes for part in parts]),
        scores=np.concatenate([part.scores for part in parts]),
        offsets=np.concatenate([part.offsets for part in parts]),
    )


def boxes_of_windows(rows: IndexArray, columns: IndexArray, scale: float) -> FloatArray:
    """Give the source boxes (K, 4) of P-Net's 12x12 windows, 2 px apart on a level that is `scale` of the source."""
    corners = 2 * np.stack([columns, rows, columns, rows], axis=1) + np.array([1, 1, 12, 12])  # (K, 4) on the level
    boxes: FloatArray = np.floor(corners.astype(np.float32) / np.float32(scale))
    return boxes


def squared(boxes: FloatArray) -> FloatArray:
    """Grow the shorter side of each box (K, 4) to the longer, about its centre."""
    sides = boxes[:, 2:] - boxes[:, :2]  # (K, 2)
    side = sides.max(axis=1, keepdims=True)  # (K, 1)
    start = boxes[:, :2] + sides * np.float32(0.5) - side * np.float32(0.5)
    return np.concatenate([start, start + side], axis=1)


def windows_within(boxes: FloatArray, size_px: tuple[int, int]) -> IndexArray:
    """Clip boxes to whole pixels of an (H, W) picture: (K, 4) x1, y1, x2, y2, end exclusive; may be empty."""
    height, width = size_px
    whole = np.trunc(boxes).astype(np.int64)
    start = np.maximum(whole[:, :2], 1) - 1  # coordinates count from 1, as in Matlab
    end = np.minimum(whole[:, 2:], [width, height])
    return np.concatenate([start, end], axis=1)


def candidates_within(candidates: Candidates, size_px: tuple[int, int]) -> tuple[Candidates, IndexArray]:
    """Drop candidates wholly outside their (H, W) picture; give the windows (K, 4) of the others."""
    windows = windows_within(candidates.boxes, size_px)
    inside = np.flatnonzero((windows[:, 2:] > windows[:, :2]).all(axis=1))
    return candidates.take(inside), windows[inside]
