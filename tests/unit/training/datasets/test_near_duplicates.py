import cv2
import numpy as np
import pytest

import training.datasets.near_duplicates as near_duplicates
from tests.face_data import make_face_set
from training.datasets.near_duplicates import NEAR, correlation_with_training


def make_smooth(seed):
    """A picture with large shapes, as photographs have."""
    coarse = np.random.default_rng(seed).integers(40, 200, (6, 6), dtype=np.uint8)
    return cv2.resize(coarse, (48, 48), interpolation=cv2.INTER_CUBIC)


PHOTO, OTHER = make_smooth(0), make_smooth(1)
BRIGHTER = (PHOTO * 0.8 + 40).astype(np.uint8)


@pytest.mark.parametrize("copy", [PHOTO, BRIGHTER, PHOTO[:, ::-1], cv2.GaussianBlur(PHOTO, (3, 3), 0)])
def test_an_altered_or_mirrored_copy_is_near(copy):
    assert correlation_with_training(make_face_set([PHOTO, copy], [0, 2]))[1] > NEAR


def test_another_photograph_and_an_upside_down_one_are_not_near():
    correlation = correlation_with_training(make_face_set([PHOTO, OTHER, PHOTO[::-1]], [0, 1, 2]))
    assert correlation.max() < NEAR


def test_training_itself_and_blank_pictures_are_near_nothing():
    blank = np.full((48, 48), 9, np.uint8)
    assert correlation_with_training(make_face_set([PHOTO, PHOTO, blank, blank], [0, 0, 0, 1])).tolist() == [0] * 4


def test_without_training_pictures_nothing_is_near():
    assert correlation_with_training(make_face_set([PHOTO, OTHER], [1, 2])).tolist() == [0, 0]


def test_blocks_do_not_change_the_answer(monkeypatch):
    faces = make_face_set([make_smooth(seed) for seed in range(20)], [0] * 12 + [1] * 8)
    whole = correlation_with_training(faces)
    monkeypatch.setattr(near_duplicates, "_TEST_BLOCK", 3)
    monkeypatch.setattr(near_duplicates, "_TRAINING_BLOCK", 5)
    assert correlation_with_training(faces) == pytest.approx(whole, abs=1e-5)
