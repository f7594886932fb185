import hashlib

import numpy as np
import pytest

import training.datasets.fer2013 as fer2013_module
from tests.face_data import make_face_set, make_picture
from training.datasets.cleaning import examine

ONE, TWO, THREE = (make_picture(seed) for seed in range(3))
BLANK = np.full((48, 48), 9, np.uint8)


def test_classes_are_counted_by_split():
    report = examine(make_face_set([ONE, TWO, THREE, BLANK], [0, 0, 1, 2], labels=[3, 3, 6, 0]))
    assert report.class_counts == ((0, 0, 0, 2, 0, 0, 0), (0, 0, 0, 0, 0, 0, 1), (1, 0, 0, 0, 0, 0, 0))
    assert report.num_pictures == 4


def test_copies_are_counted_as_groups_rows_and_surplus():
    report = examine(make_face_set([ONE, ONE, ONE, TWO, TWO, THREE], [0] * 6))
    assert report.num_unique == 3
    assert report.num_duplicate_groups == 2
    assert report.num_in_duplicate_groups == 5
    assert report.num_surplus == 3


def test_a_group_conflicts_where_its_copies_have_several_labels():
    assert (
        examine(make_face_set([ONE, ONE, TWO, TWO, THREE], [0] * 5, labels=[1, 2, 4, 4, 5])).num_conflicting_groups == 1
    )


def test_twins_are_counted_for_each_test_split():
    assert examine(make_face_set([ONE, ONE, TWO, TWO, ONE], [0, 1, 1, 2, 2])).num_twins == (0, 1, 1)


def test_blank_pictures_are_named_by_row():
    assert examine(make_face_set([ONE, BLANK, TWO, BLANK], [0, 0, 1, 2])).blank_rows == (1, 3)


@pytest.mark.parametrize(("num_votes", "num_without", "wrong"), [(10, 1, (1,)), (0, 3, ())])
def test_missing_votes_are_counted_and_wrong_ones_named_where_there_are_any(monkeypatch, num_votes, num_without, wrong):
    monkeypatch.setattr(fer2013_module, "_PICTURE_WITH_WRONG_VOTES", hashlib.sha256(TWO.tobytes()).digest())
    votes = np.zeros((3, 10), np.float32)
    votes[:2, 0] = num_votes
    report = examine(make_face_set([ONE, TWO, THREE], [0, 0, 0], votes=votes))
    assert report.num_without_votes == num_without
    assert report.wrong_votes_rows == wrong


def test_a_data_set_of_nothing_is_counted_too():
    faces = make_face_set([ONE], [0])
    assert examine(faces.select(np.array([False]))).num_pictures == 0
