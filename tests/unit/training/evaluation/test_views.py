import numpy as np

from training.datasets.label_sets import SEVEN
from training.evaluation.answers import Answers
from training.evaluation.views import answer_views


def ask_about_the_left(pictures):
    """Say "angry" to a picture that is bright on its left, else "disgust"."""
    return Answers(label_set=SEVEN, fer2013=np.eye(7)[(pictures[:, :, :24].mean(axis=(1, 2)) < 100) * 1], ferplus=None)


def test_flip_averages_the_picture_and_its_mirror_image():
    picture = np.zeros((1, 48, 48), np.uint8)
    picture[:, :, :24] = 250
    assert answer_views(ask_about_the_left, picture, view="single").fer2013[0, :2].tolist() == [1, 0]
    assert answer_views(ask_about_the_left, picture, view="flip").fer2013[0, :2].tolist() == [0.5, 0.5]
