"""One picture file of a cropped face, read as training sees it: 48x48, grey. Knows no labels."""

from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from training.datasets.face_set import SIDE_PX

#: No picture of one face needs more; a small file can claim to be far larger.
MAX_FILE_BYTES: Final = 32 * 2**20
_MAX_SIDE_PX: Final = 4096

#: What OpenCV reads without doubt. A name's end is only used to tell pictures from other files in an archive.
PICTURE_SUFFIXES: Final = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff"})


def read_face_picture(path: Path) -> NDArray[np.uint8]:
    """(48, 48) grey levels of a square picture of any size, resized by area. Raises InputError with one clear line."""
    grey = _decode(path)
    height_px, width_px = grey.shape
    if height_px != width_px:
        raise InputError(
            f"{path}: {width_px}x{height_px} pixels, expected a square that holds one face; "
            "crop it to the face (`moodline faces` shows where the faces are)"
        )
    if height_px == SIDE_PX:
        return grey
    return np.asarray(cv2.resize(grey, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA), np.uint8)


def _decode(path: Path) -> NDArray[np.uint8]:
    """(H, W) grey levels."""
    try:
        size_bytes = path.stat().st_size
        content = np.fromfile(path, np.uint8) if 0 < size_bytes <= MAX_FILE_BYTES else None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); name readable pictures") from error
    if content is None:
        raise InputError(f"{path}: {size_bytes} bytes, expected a picture of 1-{MAX_FILE_BYTES} bytes; take it out")
    if _is_cut_off(content.tobytes()):
        raise InputError(f"{path}: a picture that is cut off before its end; fetch it again or take it out")
    try:
        picture = cv2.imdecode(content, cv2.IMREAD_COLOR_RGB)
    except cv2.error as error:
        raise InputError(f"{path}: cannot be decoded as a picture ({error.err}); mend it or take it out") from error
    if picture is None:
        raise InputError(f"{path}: cannot be decoded as a picture; mend it or take it out")
    if max(picture.shape[:2]) > _MAX_SIDE_PX:
        raise InputError(
            f"{path}: {picture.shape[1]}x{picture.shape[0]} pixels, expected at most {_MAX_SIDE_PX} a side; shrink it"
        )
    # Turned grey as fer_model/crop.py does; a JPEG's own luminance differs by some levels.
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def _is_cut_off(content: bytes) -> bool:
    """Whether a PNG or JPEG lacks its end mark: some versions of OpenCV fill the rest with grey and say nothing."""
    if content.startswith(b"\x89PNG"):
        return b"IEND" not in content
    if content.startswith(b"\xff\xd8"):
        return content.rfind(b"\xff\xd9") < content.rfind(b"\xff\xda")
    return False
