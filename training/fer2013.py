"""FER2013 and its FER+ votes: reading the two public files, the official splits, and the twins that leak across them.

Reads Kaggle's `fer2013.csv` (emotion,pixels,Usage) and Microsoft's `fer2013new.csv`, row i for row i.
"""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

import numpy as np
from numpy.typing import NDArray

from core.emotions import FERPLUS_COLUMNS, NUM_FERPLUS_EMOTIONS
from core.errors import InputError

SPLITS: Final = ("Training", "PublicTest", "PrivateTest")
NUM_PIXELS: Final = 48 * 48

#: 13 pictures of the published file have less contrast than this: 12 of one grey, and one of four.
_BLANK_CONTRAST: Final = 8

#: An all but empty picture, labelled fear, to which nine of FER+'s taggers are said to have answered neutral.
_ROW_WITH_WRONG_VOTES: Final = 5274


@dataclass(frozen=True, kw_only=True)
class FaceSet:
    """N labelled pictures. `row_index` leads back to the line of the published file (0-based, without the header)."""

    pictures: NDArray[np.uint8]  # (N, 48, 48) grey
    emotion_index: NDArray[np.int64]  # (N,) position in core.emotions.EMOTIONS
    votes: NDArray[np.float32]  # (N, 10) FER+ taggers' votes in FERPLUS_COLUMNS' order; all zero where there are none
    split_index: NDArray[np.int64]  # (N,) position in SPLITS
    row_index: NDArray[np.int64]  # (N,)

    def __len__(self) -> int:
        return len(self.pictures)

    def select(self, keep: NDArray[np.bool_]) -> "FaceSet":
        """Return the rows where `keep` (N,) is true."""
        return FaceSet(
            pictures=self.pictures[keep],
            emotion_index=self.emotion_index[keep],
            votes=self.votes[keep],
            split_index=self.split_index[keep],
            row_index=self.row_index[keep],
        )

    def split(self, name: str) -> "FaceSet":
        """Return the rows of one official split: Training, PublicTest or PrivateTest."""
        return self.select(self.split_index == SPLITS.index(name))

    @property
    def has_votes(self) -> NDArray[np.bool_]:
        """(N,) whether FER+'s taggers saw the picture."""
        return self.votes.sum(axis=1) > 0


def read_fer2013(pictures_csv: Path, votes_csv: Path | None = None) -> FaceSet:
    """Read the published files. Raises InputError with the line number for a row that does not fit the format."""
    pictures, emotions, splits = _read_pictures(pictures_csv)
    votes = np.zeros((len(pictures), len(FERPLUS_COLUMNS)), np.float32)
    if votes_csv is not None:
        votes = _read_votes(votes_csv, num_rows=len(pictures))
    return FaceSet(
        pictures=pictures,
        emotion_index=emotions,
        votes=votes,
        split_index=splits,
        row_index=np.arange(len(pictures)),
    )


def _read_pictures(path: Path) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    pictures, emotions, splits = [], [], []
    with _open_text(path) as file:
        header = [name.strip().lower() for name in file.readline().split(",")]
        if sorted(header) != ["emotion", "pixels", "usage"]:
            raise InputError(f"{path}: the first line is {header}, expected the columns emotion, pixels and Usage")
        emotion_column, pixels_column, usage_column = map(header.index, ("emotion", "pixels", "usage"))
        for line_number, line in enumerate(file, start=2):
            cells = [cell.strip() for cell in line.split(",")]
            try:
                picture = np.array(cells[pixels_column].split(), dtype=np.int64)
                emotion, split = int(cells[emotion_column]), SPLITS.index(cells[usage_column])
            except (ValueError, IndexError) as error:
                raise InputError(
                    f"{path}, line {line_number}: not an emotion, pixels and Usage row ({error})"
                ) from error
            if picture.size != NUM_PIXELS or picture.min() < 0 or picture.max() > 255 or not 0 <= emotion <= 6:
                raise InputError(
                    f"{path}, line {line_number}: {picture.size} pixels up to {picture.max(initial=0)} with label "
                    f"{emotion}; expected {NUM_PIXELS} pixels of 0-255 and a label of 0-6"
                )
            pictures.append(picture.astype(np.uint8).reshape(48, 48))
            emotions.append(emotion)
            splits.append(split)
    if not pictures:
        raise InputError(f"{path}: no rows below the header")
    return np.stack(pictures), np.array(emotions), np.array(splits)


def _read_votes(path: Path, *, num_rows: int) -> NDArray[np.float32]:
    """Read FER+ votes, aligned by row. A row without an image name has no FER+ picture, so its votes are masked."""
    with _open_text(path) as file:
        rows = list(csv.DictReader(file))
    if len(rows) != num_rows:
        raise InputError(f"{path}: {len(rows)} rows of votes for {num_rows} pictures; both files must be complete")
    votes = np.zeros((num_rows, len(FERPLUS_COLUMNS)), np.float32)
    for row_index, row in enumerate(rows):
        try:
            if row["Image name"].strip():
                votes[row_index] = [float(row[column]) for column in FERPLUS_COLUMNS]
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"{path}, line {row_index + 2}: not a row of FER+ votes ({error})") from error
    return votes


def _open_text(path: Path) -> TextIO:
    try:
        return path.open(encoding="utf-8", newline="")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); name the published CSV file") from error


def drop_unusable(faces: FaceSet) -> FaceSet:
    """Drop the Training pictures that teach nothing: blank ones, and the row that carries another picture's votes.

    The published test splits stay whole, so that their figures can be compared with everybody's.
    """
    contrast = np.ptp(faces.pictures, axis=(1, 2))  # grey levels between the darkest and the lightest pixel
    unusable = (contrast < _BLANK_CONTRAST) | (faces.row_index == _ROW_WITH_WRONG_VOTES)
    return faces.select(~(unusable & (faces.split_index == SPLITS.index("Training"))))


def has_training_twin(faces: FaceSet) -> NDArray[np.bool_]:
    """(N,) whether a picture outside Training has a pixel-identical copy in Training."""
    hashes = np.array([hashlib.sha256(picture.tobytes()).digest() for picture in faces.pictures], dtype="S32")
    in_training = faces.split_index == SPLITS.index("Training")
    return ~in_training & np.isin(hashes, hashes[in_training])


def ferplus_majority(votes: NDArray[np.float32]) -> NDArray[np.int64]:
    """(N, 10) votes -> (N,) the strict majority's FER+ emotion (0-7), or -1 where none or no emotion has one.

    FER+'s published protocol: single votes are outliers and do not count; a majority is more than half of the rest.
    """
    kept = np.where(votes > 1, votes, 0)
    best = kept.argmax(axis=1)
    is_majority = kept.max(axis=1) > 0.5 * kept.sum(axis=1)
    return np.where(is_majority & (best < NUM_FERPLUS_EMOTIONS), best, -1)
