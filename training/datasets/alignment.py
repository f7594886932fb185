"""Faces brought to one place: turned, scaled and shifted so that both eyes come to where FER2013's own median has them.

Optional, as one seed system does it. A picture in which no believable face is found stays as it is, and is counted.
"""

import dataclasses
import math
from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from core.frames import Face, RgbImage
from fer_model.cascade.cascade import Cascade
from fer_model.cascade.graph_cascade import load_networks
from fer_model.detection.detector import PictureDetector
from training.datasets.face_set import FaceSet

#: FER2013's median eyes as shares of the side, x then y: the left one in the picture, then the right one.
LEFT_EYE: Final = (0.317, 0.391)
RIGHT_EYE: Final = (0.695, 0.385)

#: A face fills its picture, but the detector expects room about it and more pixels than 48.
_BORDER_PX: Final = 12  # on each side, the border's own grey repeated
_ENLARGEMENT: Final = 4

#: Smallest face that is looked for, in pixels of the enlarged picture: 20 of the 48.
MIN_FACE_PX: Final = 80

#: Beyond these the points found say little of the face's size and pose. Of 600 pictures 3 % lie outside, most of them
#: profiles, whose eyes are close together.
_MAX_SCALE: Final = 1.6  # either way
_MAX_ROLL_DEGREES: Final = 55.0

#: Pictures that are enlarged at once.
_BATCH_SIZE: Final = 64


@dataclasses.dataclass(frozen=True, kw_only=True)
class Alignment:
    """Pictures after alignment, and which of them were moved."""

    faces: FaceSet  # all N, in order
    is_aligned: NDArray[np.bool_]  # (N,)

    @property
    def num_left(self) -> int:
        """Pictures that stayed as they were."""
        return int((~self.is_aligned).sum())


def make_alignment_detector() -> PictureDetector:
    """Make the exact detector, for faces of the size that these pictures hold."""
    return Cascade(load_networks(), min_face_px=MIN_FACE_PX)


def align(faces: FaceSet, detector: PictureDetector, *, report: Callable[[int], None]) -> Alignment:
    """Align every picture of a set. `report` takes the number of pictures done."""
    pictures = faces.pictures.copy()
    is_aligned = np.zeros(len(faces), np.bool_)
    for start in range(0, len(faces), _BATCH_SIZE):
        batch = faces.pictures[start : start + _BATCH_SIZE]
        for position, found in enumerate(detector.detect([enlarged(picture) for picture in batch]), start=start):
            move = _eyes_to_median(found[0]) if found else None
            if move is not None:
                pictures[position] = _moved(faces.pictures[position], move)
                is_aligned[position] = True
        report(min(start + _BATCH_SIZE, len(faces)))
    return Alignment(faces=dataclasses.replace(faces, pictures=pictures), is_aligned=is_aligned)


def enlarged(picture: NDArray[np.uint8]) -> RgbImage:
    """(48, 48) grey -> (288, 288, 3), with room about the face, as the detector sees it."""
    border = (_BORDER_PX,) * 4
    framed = cv2.copyMakeBorder(picture, *border, cv2.BORDER_REPLICATE)
    large = cv2.resize(framed, None, fx=_ENLARGEMENT, fy=_ENLARGEMENT, interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.cvtColor(large, cv2.COLOR_GRAY2RGB), np.uint8)


def eyes_in_picture(face: Face) -> NDArray[np.float64]:
    """Take a face's eyes from the enlarged picture back to the (48, 48) one: (2, 2) x, y px."""
    return np.array(face.landmarks[:2]) / _ENLARGEMENT - _BORDER_PX


def _eyes_to_median(face: Face) -> NDArray[np.float64] | None:
    """(2, 3) turn, scale and shift that bring a face's eyes to the median; None where they cannot be eyes."""
    side_px = 48
    left, right = eyes_in_picture(face)
    to_left, to_right = side_px * np.array(LEFT_EYE), side_px * np.array(RIGHT_EYE)
    # as complex numbers, a similarity is one factor and one shift
    between, wanted = complex(*(right - left)), complex(*(to_right - to_left))
    if between == 0:
        return None
    factor = wanted / between
    scale, roll = abs(factor), math.degrees(math.atan2(factor.imag, factor.real))
    if not 1 / _MAX_SCALE <= scale <= _MAX_SCALE or abs(roll) > _MAX_ROLL_DEGREES:
        return None
    turn = np.array([[factor.real, -factor.imag], [factor.imag, factor.real]])
    return np.column_stack([turn, to_left - turn @ left])


def _moved(picture: NDArray[np.uint8], move: NDArray[np.float64]) -> NDArray[np.uint8]:
    moved = cv2.warpAffine(
        picture, move, (picture.shape[1], picture.shape[0]), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(moved, np.uint8)
