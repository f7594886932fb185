"""Resamples pictures by area on a CPU, a colour plane at a time, to what MTCNN's networks take.

The same pixels as fer_model/area_sampling.py, whose arithmetic is explained there, without torch.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.frames import RgbImage
from fer_model.suppression import FloatArray, IndexArray

Sums = NDArray[np.int32]


class PlaneSums:
    """Sums the pixels of each plane up to each corner.

    The memory is kept from batch to batch: the kernel clears fresh pages, which takes longer than the sums.
    """

    def __init__(self) -> None:
        self._memory = np.empty(0, np.int32)

    def of(self, images: Sequence[RgbImage]) -> Sums:
        """Sum N pictures of one size: (N, 3, H + 1, W + 1), overwritten by the next call."""
        height, width, _ = images[0].shape
        num_sums = len(images) * 3 * (height + 1) * (width + 1)
        if len(self._memory) < num_sums:
            self._memory = np.empty(num_sums, np.int32)
        sums = self._memory[:num_sums].reshape(len(images), 3, height + 1, width + 1)
        for image, sums_of_image in zip(images, sums, strict=True):
            for plane, sums_of_plane in zip(cv2.split(image), sums_of_image, strict=True):
                cv2.integral(plane, sums_of_plane)
        return sums


def resize(sums: Sums, size_px: tuple[int, int], rows: range) -> FloatArray:
    """Resize N pictures to (height, width) and give some rows, normalised: (N, 3, len(rows), width)."""
    num_images, num_planes, num_rows, num_columns = sums.shape
    height, width = size_px
    top, bottom = _edges(np.arange(rows.start, rows.stop), height, num_rows - 1)  # (h,)
    left, right = _edges(np.arange(width), width, num_columns - 1)  # (w,)
    area = _area(top, bottom, left, right)
    resized = np.empty((num_images, num_planes, len(rows), width), np.float32)
    # a plane at a time stays in the processor's cache
    for of_image, resized_image in zip(sums, resized, strict=True):
        for of_plane, resized_plane in zip(of_image, resized_image, strict=True):
            bands = of_plane.take(bottom, axis=0)  # (h, W + 1)
            bands -= of_plane.take(top, axis=0)
            boxes = bands.take(right, axis=1)  # (h, w)
            boxes -= bands.take(left, axis=1)
            np.divide(boxes.astype(np.float32), area, out=resized_plane)
    return normalised(resized)


def crop(sums: Sums, image_index: IndexArray, windows: IndexArray, side_px: int) -> FloatArray:
    """Cut K windows (K, 4) x1, y1, x2, y2 (end exclusive), each stretched and normalised: (K, 3, side, side).

    Windows lie inside their picture, `image_index` (K,), and hold at least one pixel.
    """
    pixel = np.arange(side_px)
    cut = np.empty((len(windows), sums.shape[1], side_px, side_px), np.float32)
    for picture, index, (x1, y1, x2, y2) in zip(cut, image_index.tolist(), windows.tolist(), strict=True):
        top, bottom = _edges(pixel, side_px, y2 - y1)  # (side,)
        left, right = _edges(pixel, side_px, x2 - x1)
        inside = sums[index, :, y1 : y2 + 1, x1 : x2 + 1]
        bands = inside.take(bottom, axis=1)  # (3, side, x2 - x1 + 1)
        bands -= inside.take(top, axis=1)
        boxes = bands.take(right, axis=2)  # (3, side, side)
        boxes -= bands.take(left, axis=2)
        np.divide(boxes.astype(np.float32), _area(top, bottom, left, right), out=picture)
    return normalised(cut)


def normalised(grey_levels: FloatArray) -> FloatArray:
    """Bring grey levels 0..255 to the range that the networks were trained on, about -1..1; in place."""
    grey_levels -= np.float32(127.5)
    grey_levels *= np.float32(0.0078125)
    return grey_levels


def _edges(pixel: IndexArray, num_pixels: int, source_length: int) -> tuple[IndexArray, IndexArray]:
    """First and one past the last source pixel that each output pixel averages."""
    return pixel * source_length // num_pixels, -(-(pixel + 1) * source_length // num_pixels)


def _area(top: IndexArray, bottom: IndexArray, left: IndexArray, right: IndexArray) -> NDArray[Any]:
    return (bottom - top).astype(np.float32)[:, None] * (right - left).astype(np.float32)
