"""The published files' own facts, held against our reading of them. Needs the research data beside the checkout."""

from pathlib import Path

import numpy as np
import pytest

from core.emotions import FERPLUS_INDEX_OF_EMOTION
from training.fer2013 import SPLITS, drop_unusable, ferplus_majority, has_training_twin, read_fer2013

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the FER2013 research data is not beside this checkout")


@pytest.fixture(scope="module")
def faces(tmp_path_factory):
    import runpy

    unpack = runpy.run_path(str(DATA / "load_fer2013.py"))
    path = tmp_path_factory.mktemp("fer2013") / "fer2013.csv"
    assert unpack["write_kaggle_csv"](path) == unpack["KAGGLE_CSV_MD5"]
    read = read_fer2013(path, DATA / "fer2013new.csv")
    path.unlink()
    return read


def test_the_official_counts_are_found(faces):
    assert {name: np.bincount(faces.split(name).emotion_index).tolist() for name in ("Training", "PrivateTest")} == {
        "Training": [3995, 436, 4097, 7215, 4830, 3171, 4965],
        "PrivateTest": [491, 55, 528, 879, 594, 416, 626],
    }


def test_the_label_sets_agree_as_published(faces):
    private = faces.split("PrivateTest")
    expected = np.array(FERPLUS_INDEX_OF_EMOTION)[private.emotion_index]
    assert (private.votes.argmax(axis=1) == expected)[private.has_votes].mean() == pytest.approx(0.62, abs=0.01)


def test_the_strict_majority_reproduces_the_published_counts(faces):
    counts = [int((ferplus_majority(faces.split(name).votes) >= 0).sum()) for name in SPLITS]
    assert counts == [25_060, 3_199, 3_153]


def test_twins_and_blank_pictures_are_found(faces):
    twins = has_training_twin(faces)
    assert [int(twins[faces.split_index == i].sum()) for i in range(3)] == [0, 280, 288]
    usable = drop_unusable(faces)
    assert 5274 not in usable.row_index
    assert len(faces) - len(usable) == 13  # 12 of the 13 blank ones, and row 5274; the 13th is in PublicTest
    assert int((~faces.has_votes).sum()) == 173
