"""Read a single picture (JPEG, PNG, WebP, BMP, TIFF) upright as RGB. Knows no video."""

from pathlib import Path

import cv2
import numpy as np

from core.errors import InputError
from core.frames import RgbImage


def read_picture(source: Path | bytes, *, max_pixels: int) -> RgbImage:
    """(H, W, 3) uint8 RGB of a file or its content, turned upright by its EXIF orientation.

    Raises InputError with one clear line.
    """
    content = _content_of(source) if isinstance(source, Path) else np.frombuffer(source, np.uint8)
    name = str(source) if isinstance(source, Path) else "the picture"
    try:
        image = cv2.imdecode(content, cv2.IMREAD_COLOR_RGB) if content.size else None
    except cv2.error as error:  # OpenCV itself refuses more than 2^30 pixels before it decodes
        raise InputError(f"{name}: too large or damaged to decode as a picture ({error.err})") from error
    if image is None:
        raise InputError(f"{name}: damaged, or in no known format; give a whole JPEG, PNG, WebP, BMP or TIFF file")
    if image.shape[0] * image.shape[1] > max_pixels:
        raise InputError(f"{name}: {image.shape[1]}x{image.shape[0]} pixels, at most {max_pixels} are allowed")
    return np.asarray(image, np.uint8)


def _content_of(path: Path) -> np.ndarray:
    try:
        content = np.fromfile(path, np.uint8)
    except IsADirectoryError as error:
        raise InputError(f"{path}: is a directory; name a picture") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); name a readable picture") from error
    if not cv2.haveImageReader(str(path)):
        raise InputError(f"{path}: not a picture in a known format; give a JPEG, PNG, WebP, BMP or TIFF file")
    return content
