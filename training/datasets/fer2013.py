"""FER2013 with its FER+ votes: both published files read together, unusable pictures, and the twins that leak.

Kaggle's pictures (fer2013_csv.py) and Microsoft's votes (ferplus_votes.py), row i for row i.
"""

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.emotions import NUM_FERPLUS_EMOTIONS
from training.datasets.face_set import SPLITS, FaceSet
from training.datasets.fer2013_csv import read_pictures_csv
from training.datasets.ferplus_votes import read_votes

#: 13 pictures of the published file have less contrast than this: 12 of one grey, and one of four.
_BLANK_CONTRAST: Final = 8

#: Row 5274 of the published file: an all but empty picture, labelled fear, with the image name and the votes of row
#: 6968 (nine of ten said neutral). Known by its pixels (SHA-256), since other data sets have a row 5274 too.
_PICTURE_WITH_WRONG_VOTES: Final = bytes.fromhex("ef425a58258fe16705cc50bcaa75eff91fe299928aa13871d45d8e8f17987629")


def read_fer2013(pictures_csv: Path, votes_csv: Path | None = None) -> FaceSet:
    """Read the published files. Raises InputError with the line number for a row that does not fit the format."""
    faces = read_pictures_csv(pictures_csv)
    return faces if votes_csv is None else replace(faces, votes=read_votes(votes_csv, faces.split_index))


def is_blank(faces: FaceSet) -> NDArray[np.bool_]:
    """(N,) whether a picture shows nothing: fewer than 8 grey levels between its darkest and its lightest pixel."""
    return np.ptp(faces.pictures, axis=(1, 2)) < _BLANK_CONTRAST


def has_wrong_votes(faces: FaceSet) -> NDArray[np.bool_]:
    """(N,) whether a picture is the one of the published file that carries another picture's votes."""
    return faces.digests() == _PICTURE_WITH_WRONG_VOTES


def drop_unusable(faces: FaceSet) -> FaceSet:
    """Drop the Training pictures that teach nothing: blank ones, and the one that carries another picture's votes.

    The published test splits stay whole, so that their figures can be compared with everybody's.
    """
    unusable = is_blank(faces) | has_wrong_votes(faces)
    return faces.select(~(unusable & (faces.split_index == SPLITS.index("Training"))))


def has_training_twin(faces: FaceSet) -> NDArray[np.bool_]:
    """(N,) whether a picture outside Training has a pixel-identical copy in Training."""
    digests = faces.digests()
    in_training = faces.split_index == SPLITS.index("Training")
    return ~in_training & np.isin(digests, digests[in_training])


def ferplus_majority(votes: NDArray[np.float32]) -> NDArray[np.int64]:
    """(N, 10) votes -> (N,) the strict majority's FER+ emotion (0-7), or -1 where none or no emotion has one.

    FER+'s published protocol: single votes are outliers and do not count; a majority is more than half of the rest.
    """
    kept = np.where(votes > 1, votes, 0)
    best = kept.argmax(axis=1)
    is_majority = kept.max(axis=1) > 0.5 * kept.sum(axis=1)
    return np.where(is_majority & (best < NUM_FERPLUS_EMOTIONS), best, -1)
