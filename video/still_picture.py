"""Read a single picture (JPEG, PNG, WebP, BMP, TIFF) upright as RGB. Knows no video."""

from pathlib import Path

import cv2
import numpy as np

from core.errors import InputError
from core.frames import RgbImage


def read_picture(path: Path, *, max_pixels: int) -> RgbImage:
    """(H, W, 3) uint8 RGB, turned upright by its EXIF orientation. Raises InputError with one clear line."""
    try:
        content = np.fromfile(path, np.uint8)
    except IsADirectoryError as error:
        raise InputError(f"{path}: is a directory; name a picture") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); name a readable picture") from error
    if not cv2.haveImageReader(str(path)):
        raise InputError(f"{path}: not a picture in a known format; give a JPEG, PNG, WebP, BMP or TIFF file")
    try:
        image = cv2.imdecode(content, cv2.IMREAD_COLOR_RGB)
    except cv2.error as error:  # OpenCV itself refuses more than 2^30 pixels before it decodes
        raise InputError(f"{path}: too large or damaged to decode as a picture ({error.err})") from error
    if image is None:
        raise InputError(f"{path}: a damaged picture; nothing could be decoded")
    if image.shape[0] * image.shape[1] > max_pixels:
        raise InputError(f"{path}: {image.shape[1]}x{image.shape[0]} pixels, at most {max_pixels} are allowed")
    return np.asarray(image, np.uint8)
