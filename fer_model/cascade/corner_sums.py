"""Resamples pictures by area on a CPU without torch, to what MTCNN's networks take: normalised, planes apart.

The same pixels as fer_model/cascade/area_sampling.py, whose arithmetic is explained there.
"""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from core.frames import RgbImage
from fer_model.cascade.suppression import FloatArray, IndexArray

Sums = NDArray[np.int32]

#: Red, green, blue, and one that is not looked at: a pixel's sums are then 16 bytes, which numpy copies as one number.
_NUM_PLANES: Final = 4
_PIXEL: Final = np.complex128

#: Rows of a level that are resampled at once: what lies between sums and grey levels stays in the processor's cache.
_ROWS_AT_ONCE: Final = 32


class CornerSums:
    """Sums the pixels of pictures up to each corner.

    The memory is kept from batch to batch: the kernel clears fresh pages, which takes longer than the sums.
    """

    def __init__(self) -> None:
        self._memory = np.empty(0, np.int32)

    def of(self, images: Sequence[RgbImage]) -> Sums:
        """Sum N pictures of one size: (N, H + 1, W + 1, 4), overwritten by the next call."""
        height, width, _ = images[0].shape
        num_sums = len(images) * (height + 1) * (width + 1) * _NUM_PLANES
        if len(self._memory) < num_sums:
            self._memory = np.empty(num_sums, np.int32)
        sums = self._memory[:num_sums].reshape(len(images), height + 1, width + 1, _NUM_PLANES)
        for image, sums_of_image in zip(images, sums, strict=True):
            cv2.integral(cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_RGB2RGBA), sums_of_image)
        return sums


def resize(sums: Sums, size_px: tuple[int, int], rows: range) -> FloatArray:
    """Resize N pictures to (height, width) and give some rows: (N, 3, len(rows), width)."""
    _, num_rows, num_columns, _ = sums.shape
    height, width = size_px
    left, right = _edges(np.arange(width), width, num_columns - 1)  # (w,)
    resized = np.empty((len(sums), 3, len(rows), width), np.float32)
    for sums_of_image, image in zip(sums, resized, strict=True):
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            some = slice(start, start + _ROWS_AT_ONCE)
            top, bottom = _edges(np.array(rows[some]), height, num_rows - 1)  # (h,)
            bands = sums_of_image.take(bottom, axis=0)  # (h, W + 1, 4)
            bands -= sums_of_image.take(top, axis=0)
            pixels = bands.view(_PIXEL)[:, :, 0]
            boxes = pixels.take(right, axis=1).view(np.int32)  # (h, w * 4)
            boxes -= pixels.take(left, axis=1).view(np.int32)
            _put_means(boxes.reshape(-1, width, _NUM_PLANES), _area(top, bottom, left, right), image[:, some])
    return normalised(resized)


def crop(sums: Sums, image_index: IndexArray, windows: IndexArray, side_px: int) -> FloatArray:
    """Cut K windows (K, 4) x1, y1, x2, y2 (end exclusive), each stretched to (K, 3, side, side).

    Windows lie inside their picture, `image_index` (K,), and hold at least one pixel.
    """
    _, num_rows, num_columns, _ = sums.shape
    x1, y1, x2, y2 = windows.T[:, :, None]  # 4 x (K, 1)
    pixel = np.arange(side_px)
    top, bottom = (y1 + edge for edge in _edges(pixel, side_px, y2 - y1))  # (K, side)
    left, right = (x1 + edge for edge in _edges(pixel, side_px, x2 - x1))
    corners = sums.reshape(-1, _NUM_PLANES).view(_PIXEL)[:, 0]
    first_row = image_index[:, None] * num_rows  # (K, 1)

    def sums_up_to(y: IndexArray, x: IndexArray) -> Sums:
        position = ((first_row + y) * num_columns)[:, :, None] + x[:, None, :]  # (K, side, side)
        return corners.take(position).view(np.int32)  # (K, side, side * 4)

    boxes = sums_up_to(bottom, right)
    boxes -= sums_up_to(bottom, left)
    boxes -= sums_up_to(top, right)
    boxes += sums_up_to(top, left)
    cut = np.empty((len(windows), 3, side_px, side_px), np.float32)
    planes = cut.transpose(1, 0, 2, 3)  # (3, K, side, side)
    _put_means(boxes.reshape(-1, side_px, side_px, _NUM_PLANES), _area(top, bottom, left, right), planes)
    return normalised(cut)


def normalised(grey_levels: FloatArray) -> FloatArray:
    """Bring grey levels 0..255 to the range that the networks were trained on, about -1..1; in place."""
    grey_levels -= np.float32(127.5)
    grey_levels *= np.float32(0.0078125)
    return grey_levels


def _put_means(boxes: Sums, area: FloatArray, planes: FloatArray) -> None:
    """Divide sums (..., 4) by their pixels' number (...), into planes (3, ...)."""
    sums = boxes.astype(np.float32)
    for index, plane in enumerate(planes):
        np.divide(sums[..., index], area, out=plane)


def _edges(pixel: IndexArray, num_pixels: int, source_length: int | IndexArray) -> tuple[IndexArray, IndexArray]:
    """First and one past the last source pixel that each output pixel averages."""
    return pixel * source_length // num_pixels, -(-(pixel + 1) * source_length // num_pixels)


def _area(top: IndexArray, bottom: IndexArray, left: IndexArray, right: IndexArray) -> FloatArray:
    """Source pixels (..., h, w) of each output pixel, from edges (..., h) and (..., w)."""
    return (bottom - top).astype(np.float32)[..., :, None] * (right - left).astype(np.float32)[..., None, :]
