import dataclasses

import numpy as np
import pytest

from core.errors import InputError
from training.datasets.folds import fold_of
from training.datasets.label_sets import FOUR, SEVEN, SIX
from training.datasets.training_rows import LeftOut, rows_to_learn, rows_to_watch


def test_learning_and_watching_never_touch_the_test_split(faces):
    learned, watched = rows_to_learn(faces, SEVEN), rows_to_watch(faces, SEVEN)
    assert set(learned.row_index) == set(range(32))
    assert set(watched.row_index) == set(range(32, 64))


def test_watching_leaves_out_pictures_that_training_holds(faces):
    pictures = faces.pictures.copy()
    pictures[40] = pictures[5]
    watched = rows_to_watch(dataclasses.replace(faces, pictures=pictures), SEVEN)
    assert 40 not in watched.row_index
    assert len(watched) == 31


def test_folds_part_training_and_keep_copies_together(faces):
    pictures = faces.pictures.copy()
    pictures[8] = pictures[2]
    faces = dataclasses.replace(faces, pictures=pictures)
    seen = [rows_to_learn(faces, SEVEN, LeftOut(fold=fold, num_folds=3)) for fold in range(3)]
    missing = [set(range(32)) - set(rows.row_index) for rows in seen]
    assert set.union(*missing) == set(range(32))
    assert sum(len(rows) for rows in missing) == 32
    assert fold_of(faces, 3)[8] == fold_of(faces, 3)[2]


def test_pictures_of_left_out_emotions_are_left_out(faces):
    emotions = faces.emotion_index.copy()
    emotions[:10] = 1  # disgust
    faces = dataclasses.replace(faces, emotion_index=emotions)
    assert len(rows_to_learn(faces, SIX)) == 22
    assert len(rows_to_learn(faces, FOUR)) == 22


def test_a_fold_that_cannot_be_is_named():
    with pytest.raises(InputError, match="--fold 5"):
        LeftOut(fold=5, num_folds=5)


def test_a_data_set_without_a_split_is_named(faces):
    only_training = faces.select(faces.split_index == 0)
    with pytest.raises(InputError, match="PublicTest"):
        rows_to_watch(only_training, SEVEN)
    with pytest.raises(InputError, match="Training"):
        rows_to_learn(faces.select(np.zeros(96, bool)), SEVEN)
