"""Shrinks pictures by whole factors first: OpenCV averages two by two many times quicker than any other area."""

import cv2
import numpy as np

from core.frames import RgbImage


def halved(image: RgbImage, *, least_px: int) -> RgbImage:
    """Halve a picture by area for as long as its shorter side stays at `least_px` or more.

    A side that is odd loses its last line: see `halving_factor`.
    """
    while min(image.shape[:2]) >= 2 * least_px:
        height, width = image.shape[0] // 2, image.shape[1] // 2
        whole = image[: 2 * height, : 2 * width]
        image = np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    return image


def halving_factor(side_px: float, *, least_px: int) -> int:
    """By how much `halved` shrinks a side: one that is a multiple of it loses nothing."""
    factor = 1
    while side_px >= 2 * factor * least_px:
        factor *= 2
    return factor
