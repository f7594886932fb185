"""The pyramid of ever smaller pictures that P-Net searches, and how a level is cut into calls of bounded size.

Knows sizes only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

#: Side of P-Net's window: a face of min_face_px is 12 px on the first level.
PNET_WINDOW_PX: Final = 12

#: P-Net's windows are this far apart.
PNET_STRIDE_PX: Final = 2

#: Each level is this much of the one before.
PYRAMID_FACTOR: Final = 0.709

#: Pixels of one call of P-Net. With more than a few MB of activations the C library hands memory back to the kernel
#: after each layer, and a pixel takes up to twice as long (glibc 2.36, one thread).
MAX_PNET_CALL_PX: Final = 48 * 1024


@dataclass(frozen=True, kw_only=True)
class Level:
    """One size at which pictures are searched."""

    scale: float  # of the source
    height_px: int
    width_px: int


@dataclass(frozen=True, kw_only=True)
class LevelPart:
    """Some rows of some pictures of a level: what P-Net sees in one call."""

    images: range  # positions in the batch
    rows: range  # of the level; the first is even, so that windows stay where they are on the whole level


def plan_levels(size_px: tuple[int, int], min_face_px: int) -> list[Level]:
    """List the levels for pictures of (H, W) px; none if no face of min_face_px fits in."""
    height, width = size_px
    levels = []
    scale = PNET_WINDOW_PX / min_face_px
    shorter_side_px = min(height, width) * scale
    while shorter_side_px >= PNET_WINDOW_PX:
        levels.append(Level(scale=scale, height_px=int(height * scale + 1), width_px=int(width * scale + 1)))
        scale *= PYRAMID_FACTOR
        shorter_side_px *= PYRAMID_FACTOR
    return levels


def cut_level(level: Level, num_images: int) -> Iterator[LevelPart]:
    """Cut a level of a batch into calls: several pictures at once where it is small, strips where it is large."""
    overlap_px = PNET_WINDOW_PX - PNET_STRIDE_PX
    images_per_call = max(1, MAX_PNET_CALL_PX // (level.height_px * level.width_px))
    strip_px = max(MAX_PNET_CALL_PX // level.width_px, 4 * overlap_px) // PNET_STRIDE_PX * PNET_STRIDE_PX
    for first in range(0, num_images, images_per_call):
        images = range(first, min(first + images_per_call, num_images))
        start = 0
        while start + strip_px < level.height_px:
            yield LevelPart(images=images, rows=range(start, start + strip_px))
            start += strip_px - overlap_px
        yield LevelPart(images=images, rows=range(start, level.height_px))
