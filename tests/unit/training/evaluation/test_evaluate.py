import dataclasses

import numpy as np
import pytest

from core.errors import InputError
from training.datasets.face_set import SPLITS
from training.datasets.label_sets import SEVEN
from training.evaluation.answers import Answers
from training.evaluation.corruptions import CORRUPTIONS
from training.evaluation.evaluate import calibration_rows, evaluate_corruptions, evaluate_split, rows_of_split


@pytest.fixture
def with_twin(faces):
    """The data set where the first PrivateTest picture is the first Training picture too."""
    pictures = faces.pictures.copy()
    pictures[64] = pictures[0]
    return dataclasses.replace(faces, pictures=pictures)


def bright_above_is_happy(pictures):
    """Know the data set's rule."""
    is_sad = pictures[:, :24].mean(axis=(1, 2)) < pictures[:, 24:].mean(axis=(1, 2))
    return Answers(
        label_set=SEVEN, fer2013=np.eye(7)[np.where(is_sad, 4, 3)], ferplus=np.eye(10)[np.where(is_sad, 3, 1)]
    )


def test_twins_are_counted_apart(with_twin):
    rows = rows_of_split(with_twin, "PrivateTest")
    assert rows.is_twin.tolist() == [True] + [False] * 31
    found = evaluate_split(bright_above_is_happy, rows, view="single", abstain_below=0.4)
    assert (found.all_rows.fer2013.accuracy.n, found.without_twins.fer2013.accuracy.n) == (32, 31)
    assert found.all_rows.fer2013.accuracy.value == found.all_rows.ferplus.majority.accuracy.value == 1


def test_a_split_that_is_not_there_is_said_in_a_line(faces):
    with pytest.raises(InputError, match="no PrivateTest pictures"):
        rows_of_split(faces.split("Training"), "PrivateTest")


def test_without_training_pictures_twins_are_not_told(faces):
    rows = rows_of_split(faces.split("PrivateTest"), "PrivateTest")
    assert rows.is_twin is None
    assert evaluate_split(bright_above_is_happy, rows, view="single", abstain_below=0.4).without_twins is None


def test_calibration_sees_publictest_without_twins_alone(faces, with_twin):
    assert (calibration_rows(faces).split_index == SPLITS.index("PublicTest")).all()
    pictures = with_twin.pictures.copy()
    pictures[32] = pictures[0]
    twins = dataclasses.replace(with_twin, pictures=pictures)
    assert len(calibration_rows(twins)) == 31


def test_every_corruption_is_measured_by_name(faces):
    asked = []
    rows = rows_of_split(faces, "PrivateTest")
    found = evaluate_corruptions(bright_above_is_happy, rows, view="single", abstain_below=0.4, report=asked.append)
    assert [each.name for each in found] == asked == [corruption.name for corruption in CORRUPTIONS]
    assert all(each.figures.fer2013.accuracy.n == 32 for each in found)
