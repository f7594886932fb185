"""Which rows of a data set a run learns from, and which it is watched on. The test split is in neither."""

from dataclasses import dataclass

from core.errors import InputError
from training.datasets.face_set import FaceSet
from training.datasets.fer2013 import drop_unusable, has_training_twin
from training.datasets.folds import fold_of
from training.datasets.label_sets import LabelSet


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A fold of Training that a member of an ensemble does not see."""

    fold: int  # 0-based
    num_folds: int

    def __post_init__(self) -> None:
        if self.num_folds < 2 or not 0 <= self.fold < self.num_folds:
            raise InputError(
                f"--fold {self.fold} --folds {self.num_folds}: folds count from 0, and there are at least 2"
            )


def rows_to_learn(faces: FaceSet, label_set: LabelSet, left_out: LeftOut | None = None) -> FaceSet:
    """Return Training without unusable pictures, without emotions that the label set leaves out, without a fold."""
    rows = drop_unusable(faces).split("Training").of(label_set)
    if left_out is not None:
        rows = rows.select(fold_of(rows, left_out.num_folds) != left_out.fold)
    if not len(rows):
        raise InputError("the data set has no usable Training pictures")
    return rows


def rows_to_watch(faces: FaceSet, label_set: LabelSet) -> FaceSet:
    """Return PublicTest without the pictures that Training holds too."""
    rows = faces.select(~has_training_twin(faces)).split("PublicTest").of(label_set)
    if not len(rows):
        raise InputError("the data set has no PublicTest pictures (validation) that are not in Training too")
    return rows
