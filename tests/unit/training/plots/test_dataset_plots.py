import cv2
import numpy as np
import pytest

from core.errors import EnvironmentFault
from tests.face_data import make_face_set, make_picture
from training.learning.augmentation import Augmentation
from training.plots.augmentation_plot import write_augmentation
from training.plots.dataset_plots import write_class_distribution, write_samples

pytestmark = pytest.mark.thorough


def make_faces():
    votes = np.zeros((6, 10), np.float32)
    votes[0, 4] = 10
    pictures = [make_picture(seed) for seed in range(6)]
    return make_face_set(pictures, [0, 0, 0, 0, 1, 2], labels=[0, 0, 3, 3, 3, 6], votes=votes)


def num_greys(path):
    """How many different grey levels a PNG shows: few where nothing was drawn."""
    return len(np.unique(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)))


@pytest.mark.parametrize("write", [write_samples, write_class_distribution])
def test_a_data_set_with_missing_classes_can_be_drawn(write, tmp_path):
    write(make_faces(), tmp_path / "a.png")
    assert num_greys(tmp_path / "a.png") > 20


def test_a_picture_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "a.png").mkdir()
    with pytest.raises(EnvironmentFault, match=r"a\.png: cannot be written \(Is a directory\)"):
        write_class_distribution(make_faces(), tmp_path / "a.png")


def test_augmented_faces_are_drawn_the_same_each_time(tmp_path):
    for name in ("a.png", "b.png"):
        write_augmentation(make_picture(), Augmentation(), tmp_path / name)
    assert num_greys(tmp_path / "a.png") > 200
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
