"""Resamples pictures by area, as F.interpolate(mode="area") does, from integral images: four look-ups a pixel.

Output pixel i of h averages the source rows floor(i * H / h) up to ceil((i + 1) * H / h), and columns likewise. Sums of
uint8 are whole numbers, so they are exact; int32 may wrap in the integral image, and differences wrap back.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import torch
from torch import Tensor

from core.frames import RgbImage


class IntegralImages:
    """Sums the pixels of pictures up to each corner, on one device.

    On a CPU the memory is kept from batch to batch: the kernel clears fresh pages, which takes longer than the sums.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._memory = torch.empty(0, dtype=torch.int32)

    def of(self, images: Sequence[RgbImage]) -> Tensor:
        """Sum N pictures of one size: (N, H + 1, W + 1, 3) int32, overwritten by the next call."""
        if self._device.type != "cpu":
            return cumulative_sums(torch.from_numpy(np.stack(images)).to(self._device))
        height, width, _ = images[0].shape
        num_sums = len(images) * (height + 1) * (width + 1) * 3
        if len(self._memory) < num_sums:
            self._memory = torch.empty(num_sums, dtype=torch.int32)
        sums = self._memory[:num_sums].view(len(images), height + 1, width + 1, 3)
        for image, sums_of_image in zip(images, sums.numpy(), strict=True):
            cv2.integral(np.ascontiguousarray(image), sums_of_image)
        return sums


def cumulative_sums(pictures: Tensor) -> Tensor:
    """Do as `IntegralImages.of`, on any device: (N, H, W, 3) uint8 -> (N, H + 1, W + 1, 3) int32."""
    sums = pictures.cumsum(1, dtype=torch.int32).cumsum(2, dtype=torch.int32)
    return torch.nn.functional.pad(sums, (0, 0, 1, 0, 1, 0))


def resize(integrals: Tensor, size_px: tuple[int, int], rows: range) -> Tensor:
    """Resize N pictures to (height, width) and give some rows: (N, 3, len(rows), width) float32 grey levels."""
    num_images, source_height, source_width = integrals.shape[0], integrals.shape[1] - 1, integrals.shape[2] - 1
    height, width = size_px
    row = torch.arange(rows.start, rows.stop, device=integrals.device)
    column = torch.arange(width, device=integrals.device)
    top, bottom = _edges(row, height, source_height)  # (h,)
    left, right = _edges(column, width, source_width)  # (w,)
    # rows first: they are contiguous
    bands = integrals.index_select(1, bottom).sub_(integrals.index_select(1, top))  # (N, h, W + 1, 3)
    sums = bands.index_select(2, right).sub_(bands.index_select(2, left))  # (N, h, w, 3)
    area = (bottom - top).float()[:, None] * (right - left).float().repeat_interleave(3)  # (h, w * 3)
    grey_levels = sums.flatten(2).float().div_(area)  # (N, h, w * 3): long rows are divided faster than triples
    return grey_levels.view(num_images, len(rows), width, 3).permute(0, 3, 1, 2)  # channels last in memory


def crop(integrals: Tensor, image_index: Tensor, windows: Tensor, side_px: int) -> Tensor:
    """Cut K windows (K, 4) int64 x1, y1, x2, y2 (end exclusive), each stretched to (K, 3, side, side) float32.

    Windows lie inside their picture, `image_index` (K,), and hold at least one pixel.
    """
    _, num_rows, num_columns, _ = integrals.shape
    x1, y1, x2, y2 = windows[:, :, None].unbind(1)  # 4 x (K, 1)
    pixel = torch.arange(side_px, device=integrals.device)  # (side,)
    top, bottom = (y1 + edge for edge in _edges(pixel, side_px, y2 - y1))  # (K, side)
    left, right = (x1 + edge for edge in _edges(pixel, side_px, x2 - x1))
    corners = integrals.view(-1, 3)
    first_row = image_index[:, None] * num_rows  # (K, 1)

    def sums_up_to(y: Tensor, x: Tensor) -> Tensor:
        position = ((first_row + y) * num_columns)[:, :, None] + x[:, None, :]  # (K, side, side)
        return corners.index_select(0, position.flatten())  # (K * side * side, 3)

    sums = sums_up_to(bottom, right).sub_(sums_up_to(bottom, left))
    sums = sums.sub_(sums_up_to(top, right)).add_(sums_up_to(top, left))
    area = (bottom - top).float()[:, :, None] * (right - left).float().repeat_interleave(3, 1)[:, None, :]
    grey_levels = sums.view(-1, side_px, side_px * 3).float().div_(area)  # (K, side, side * 3)
    return grey_levels.view(-1, side_px, side_px, 3).permute(0, 3, 1, 2)  # channels last in memory


def _edges(pixel: Tensor, num_pixels: int, source_length: int | Tensor) -> tuple[Tensor, Tensor]:
    """First and one past the last source pixel that each output pixel averages."""
    return pixel * source_length // num_pixels, -(-(pixel + 1) * source_length // num_pixels)
