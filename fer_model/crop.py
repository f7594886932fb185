"""The crop rule: from a frame and a detected face to the 48x48 grey picture that the network was trained on.

FER2013's pictures are such squares already; everything that enters the network, in training and use, has this form.
"""

import math
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from core.frames import Face, RgbImage
from fer_model.halving import halved, halving_factor

CROP_SIDE_PX: Final = 48

#: Side of the square over the detector's box height; inside it FER2013's eyes, nose and mouth fall where its own do.
SIDE_PER_BOX_HEIGHT: Final = 0.905

#: A head tilted further than this is turned upright by its eye line; FER2013's own pictures tilt up to about this.
MAX_ROLL_DEGREES: Final = 15.0

#: Identifies the rule in a checkpoint's card; a checkpoint made for another rule is refused.
CROP_RULE: Final = (
    "square .905 x box height, centred, replicated border, halved, area to 48, grey, upright beyond 15 degrees"
)


def crop_faces(image: RgbImage, faces: Sequence[Face]) -> NDArray[np.uint8]:
    """Cut every face out of one frame: (N, 48, 48) uint8 grey, in the order of `faces`."""
    if not faces:
        return np.empty((0, CROP_SIDE_PX, CROP_SIDE_PX), np.uint8)
    return np.stack([_crop(image, face) for face in faces])


def roll_degrees(face: Face) -> float:
    """Angle of the eye line against the horizontal; positive where the picture's right eye is lower."""
    (left_x, left_y), (right_x, right_y) = face.landmarks[:2]
    return math.degrees(math.atan2(right_y - left_y, right_x - left_x))


def sharpness(crop: NDArray[np.uint8]) -> float:
    """Variance of the Laplacian of a (48, 48) crop, grey levels squared; small where the face is blurred."""
    return float(cv2.Laplacian(crop, cv2.CV_64F).var())


def _crop(image: RgbImage, face: Face) -> NDArray[np.uint8]:
    x1, y1, x2, y2 = face.box
    side = max(1.0, SIDE_PER_BOX_HEIGHT * face.height_px)
    centre = ((x1 + x2) / 2, (y1 + y2) / 2)
    roll = roll_degrees(face)
    patch = _upright(image, centre, side, roll) if abs(roll) > MAX_ROLL_DEGREES else _square(image, centre, side)
    grey = cv2.cvtColor(halved(patch, least_px=CROP_SIDE_PX), cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, (CROP_SIDE_PX, CROP_SIDE_PX), interpolation=cv2.INTER_AREA), np.uint8)


def _square(image: RgbImage, centre: tuple[float, float], side: float) -> RgbImage:
    """Cut a square of whole pixels; what lies outside the frame repeats the frame's border."""
    side_px = _whole(side)
    left, top = (round(middle - side_px / 2) for middle in centre)
    rows, above, below = _within(top, side_px, image.shape[0])
    columns, before, after = _within(left, side_px, image.shape[1])
    inside = image[rows, columns]
    if above == below == before == after == 0:
        return inside
    return np.asarray(cv2.copyMakeBorder(inside, above, below, before, after, cv2.BORDER_REPLICATE), np.uint8)


def _whole(side: float) -> int:
    """Round a square's side to pixels; that of a large one, by 1 % at most, to a number that is halved without rest."""
    factor = halving_factor(side, least_px=CROP_SIDE_PX)
    return max(1, round(side / factor) * factor)


def _within(start: int, length: int, limit: int) -> tuple[slice, int, int]:
    """Clip start .. start + length to 0 .. limit: what is inside, at least one pixel, and what lacks on either side."""
    first = min(max(start, 0), limit - 1)
    end = max(min(start + length, limit), first + 1)
    lacks_before = min(max(-start, 0), length - 1)
    return slice(first, end), lacks_before, length - (end - first) - lacks_before


def _upright(image: RgbImage, centre: tuple[float, float], side: float, roll: float) -> RgbImage:
    """Turn the square about its centre so that the eye line is level, at the frame's own resolution."""
    side_px = _whole(side)
    turn = cv2.getRotationMatrix2D(centre, roll, 1.0)
    turn[0, 2] += side_px / 2 - centre[0]
    turn[1, 2] += side_px / 2 - centre[1]
    turned = cv2.warpAffine(image, turn, (side_px, side_px), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.uint8)
