"""What is wrong with a data set, counted: blank pictures, copies, conflicting copies, leaks, missing votes.

Looks and counts only; training.datasets.fer2013 drops. Slow comparisons live in training.datasets.near_duplicates.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.emotions import EMOTIONS
from training.datasets.face_set import SPLITS, FaceSet
from training.datasets.fer2013 import has_training_twin, has_wrong_votes, is_blank


@dataclass(frozen=True, kw_only=True)
class CleaningReport:
    """Counts over one data set. Tuples by split are in SPLITS' order, rows are `row_index` values."""

    class_counts: tuple[tuple[int, ...], ...]  # by split, then by emotion in EMOTIONS' order
    num_unique: int  # pictures that differ in at least one pixel
    num_duplicate_groups: int  # pictures that occur more than once
    num_in_duplicate_groups: int  # their rows
    num_conflicting_groups: int  # groups of copies with more than one label
    num_twins: tuple[int, ...]  # by split: rows that have a pixel-identical copy in Training; 0 for Training itself
    blank_rows: tuple[int, ...]
    num_without_votes: int  # rows that FER+'s taggers did not see; all of them where no votes were given
    wrong_votes_rows: tuple[int, ...]  # rows that carry another picture's votes

    @property
    def num_pictures(self) -> int:
        """Rows in all."""
        return sum(map(sum, self.class_counts))

    @property
    def num_surplus(self) -> int:
        """Rows that repeat an earlier row's picture."""
        return self.num_pictures - self.num_unique


def examine(faces: FaceSet) -> CleaningReport:
    """Count what a person should know before training on these pictures."""
    _, group_index, sizes = np.unique(faces.digests(), return_inverse=True, return_counts=True)
    twins = has_training_twin(faces)
    return CleaningReport(
        class_counts=_class_counts(faces),
        num_unique=len(sizes),
        num_duplicate_groups=int((sizes > 1).sum()),
        num_in_duplicate_groups=int(sizes[sizes > 1].sum()),
        num_conflicting_groups=_num_conflicting(group_index, faces.emotion_index),
        num_twins=count_by_split(faces, twins),
        blank_rows=_rows(faces, is_blank(faces)),
        num_without_votes=int((~faces.has_votes).sum()),
        wrong_votes_rows=_rows(faces, has_wrong_votes(faces) & faces.has_votes),
    )


def count_by_split(faces: FaceSet, which: NDArray[np.bool_]) -> tuple[int, ...]:
    """(N,) chosen rows -> how many there are in each split, in SPLITS' order."""
    return tuple(int(which[faces.split_index == index].sum()) for index in range(len(SPLITS)))


def _class_counts(faces: FaceSet) -> tuple[tuple[int, ...], ...]:
    counts = np.zeros((len(SPLITS), len(EMOTIONS)), np.int64)
    np.add.at(counts, (faces.split_index, faces.emotion_index), 1)
    return tuple(tuple(map(int, row)) for row in counts)


def _num_conflicting(group_index: NDArray[np.int64], emotion_index: NDArray[np.int64]) -> int:
    """Count the groups of copies in which more than one label occurs."""
    labels_seen = np.unique(np.stack([group_index, emotion_index], axis=1), axis=0)  # (pairs, 2)
    return int((np.bincount(labels_seen[:, 0]) > 1).sum())


def _rows(faces: FaceSet, which: NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(map(int, faces.row_index[which]))
