import hashlib

import numpy as np

import training.datasets.fer2013 as fer2013_module
from core.emotions import EMOTIONS, FERPLUS_COLUMNS, FERPLUS_INDEX_OF_EMOTION
from tests.face_data import (
    HEADER,
    VOTES_HEADER,
    make_face_set,
    make_picture,
    make_row,
    write_lines,
)
from training.datasets.fer2013 import drop_unusable, ferplus_majority, has_training_twin, has_wrong_votes, read_fer2013


def test_a_row_without_an_image_name_has_no_votes(tmp_path):
    pictures = write_lines(tmp_path / "a.csv", HEADER, make_row(), make_row())
    votes = write_lines(
        tmp_path / "v.csv", VOTES_HEADER, "Training,fer0.png,1,9,0,0,0,0,0,0,0,0", "Training,,9,1,0,0,0,0,0,0,0,0"
    )
    assert read_fer2013(pictures, votes).has_votes.tolist() == [True, False]


def test_votes_follow_the_row_and_not_the_number_in_the_image_name(tmp_path):
    pictures = write_lines(tmp_path / "a.csv", HEADER, make_row(), make_row())
    votes = write_lines(
        tmp_path / "v.csv",
        VOTES_HEADER,
        "Training,fer0000001.png,10,0,0,0,0,0,0,0,0,0",
        "Training,fer0000000.png,0,10,0,0,0,0,0,0,0,0",
    )
    assert read_fer2013(pictures, votes).votes.argmax(axis=1).tolist() == [0, 1]


def test_without_a_file_of_votes_no_row_has_any(tmp_path):
    assert not read_fer2013(write_lines(tmp_path / "a.csv", HEADER, make_row(), make_row())).has_votes.any()


def test_the_majority_ignores_single_votes_and_needs_more_than_half():
    votes = np.zeros((5, 10), np.float32)
    votes[0, [0, 1]] = 6, 4  # neutral
    votes[1, [0, 1]] = 5, 5  # a draw: none
    votes[2, [0, 1, 2, 3, 4, 5]] = 5, 1, 1, 1, 1, 1  # single votes do not count: neutral
    votes[3, 8] = 9  # unknown is not an emotion
    assert ferplus_majority(votes).tolist() == [0, -1, 0, -1, -1]


def test_class_orders_differ_and_are_mapped_by_name():
    assert [FERPLUS_COLUMNS[i] for i in FERPLUS_INDEX_OF_EMOTION] == [
        "anger",
        "disgust",
        "fear",
        "happiness",
        "sadness",
        "surprise",
        "neutral",
    ]
    assert EMOTIONS[6] == "neutral"  # in folders sorted by name it would be 4


def test_twins_are_test_pictures_that_training_holds_too():
    one, two = make_picture(1), make_picture(2)
    faces = make_face_set([one, one, two, two], [0, 1, 1, 2])
    assert has_training_twin(faces).tolist() == [False, True, False, False]


def test_blank_pictures_are_dropped_from_training_alone():
    blank, face = np.full((48, 48), 7, np.uint8), make_picture()
    faces = drop_unusable(make_face_set([blank, face, blank], [0, 0, 2]))
    assert faces.row_index.tolist() == [1, 2]


def test_a_picture_of_hardly_any_contrast_is_blank_too():
    nearly_blank = np.full((48, 48), 7, np.uint8)
    nearly_blank[0, 0] = 10
    assert len(drop_unusable(make_face_set([nearly_blank], [0]))) == 0


def test_the_picture_with_wrong_votes_is_known_by_its_pixels_and_not_by_its_row(monkeypatch):
    wrong = make_picture(1)
    monkeypatch.setattr(fer2013_module, "_PICTURE_WITH_WRONG_VOTES", hashlib.sha256(wrong.tobytes()).digest())
    faces = make_face_set([make_picture(0), wrong], [0, 0])
    assert has_wrong_votes(faces).tolist() == [False, True]
    assert drop_unusable(faces).row_index.tolist() == [0]


def test_another_data_sets_row_of_the_same_number_is_kept():
    faces = make_face_set([make_picture(seed) for seed in range(2)], [0, 0])
    elsewhere = fer2013_module.replace(faces, row_index=np.array([5273, 5274]))
    assert drop_unusable(elsewhere).row_index.tolist() == [5273, 5274]
