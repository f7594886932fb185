"""Labelled pictures of faces, however they were stored: what every data source gives and all of training takes."""

import hashlib
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.datasets.label_sets import LabelSet

#: FER2013's own names: the first trains, the second calibrates and selects, the third is read once.
SPLITS: Final = ("Training", "PublicTest", "PrivateTest")

#: A picture's side, in pixels.
SIDE_PX: Final = 48


@dataclass(frozen=True, kw_only=True)
class FaceSet:
    """N labelled pictures. `row_index` leads back to the published file's line (0-based, without the header).

    Of pictures in class folders it is the place in the order of their paths.
    """

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

    def of(self, label_set: LabelSet) -> "FaceSet":
        """Return the rows whose emotion the label set holds; emotions stay positions in EMOTIONS."""
        return self.select(label_set.index_of(self.emotion_index) >= 0)

    @property
    def has_votes(self) -> NDArray[np.bool_]:
        """(N,) whether FER+'s taggers saw the picture."""
        return self.votes.sum(axis=1) > 0

    def digests(self) -> NDArray[np.bytes_]:
        """(N,) SHA-256 of each picture's pixels: equal for copies and for nothing else."""
        return np.array([digest_of(picture) for picture in self.pictures], dtype="S32")


def digest_of(picture: NDArray[np.uint8]) -> bytes:
    """Return the SHA-256 of one picture's pixels, row by row."""
    return hashlib.sha256(picture.tobytes()).digest()
