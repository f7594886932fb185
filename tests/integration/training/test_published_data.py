"""The published files' own facts, held against our reading of them. Needs the research data beside the checkout."""

from pathlib import Path

import numpy as np
import pytest

from core.emotions import FERPLUS_INDEX_OF_EMOTION
from training.datasets.class_folders import read_class_folders, write_class_folders
from training.datasets.cleaning import count_by_split, examine
from training.datasets.data_source import read_faces
from training.datasets.face_set import SPLITS
from training.datasets.fer2013 import drop_unusable, ferplus_majority, has_training_twin
from training.datasets.near_duplicates import correlation_with_training

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the FER2013 research data is not beside this checkout")


@pytest.fixture(scope="module")
def faces(tmp_path_factory):
    import runpy

    unpack = runpy.run_path(str(DATA / "load_fer2013.py"))
    path = tmp_path_factory.mktemp("fer2013") / "fer2013.csv"
    assert unpack["write_kaggle_csv"](path) == unpack["KAGGLE_CSV_MD5"]
    read = read_faces(path, DATA / "fer2013new.csv")
    path.unlink()
    return read


@pytest.fixture(scope="module")
def report(faces):
    return examine(faces)


def test_the_official_counts_are_found(report):
    assert dict(zip(SPLITS, report.class_counts, strict=True)) == {
        "Training": (3995, 436, 4097, 7215, 4830, 3171, 4965),
        "PublicTest": (467, 56, 496, 895, 653, 415, 607),
        "PrivateTest": (491, 55, 528, 879, 594, 416, 626),
    }


def test_the_label_sets_agree_as_published(faces):
    private = faces.split("PrivateTest")
    expected = np.array(FERPLUS_INDEX_OF_EMOTION)[private.emotion_index]
    assert (private.votes.argmax(axis=1) == expected)[private.has_votes].mean() == pytest.approx(0.62, abs=0.01)


def test_the_strict_majority_reproduces_the_published_counts(faces):
    counts = [int((ferplus_majority(faces.split(name).votes) >= 0).sum()) for name in SPLITS]
    assert counts == [25_060, 3_199, 3_153]


def test_copies_and_contradictions_are_found(report):
    assert report.num_unique == 34_034
    assert report.num_duplicate_groups == 1_516
    assert report.num_in_duplicate_groups == 3_369
    assert report.num_surplus == 1_853
    assert report.num_conflicting_groups == 57


def test_twins_and_near_copies_are_found(faces, report):
    assert report.num_twins == (0, 280, 288)
    correlation = correlation_with_training(faces)
    assert [count_by_split(faces, correlation > least)[2] for least in (0.98, 0.95, 0.90)] == [360, 465, 639]
    assert (correlation[has_training_twin(faces)] > 0.99).sum() == 567  # all but the blank one of PublicTest


def test_what_cannot_be_used_is_found(faces, report):
    assert len(report.blank_rows) == 13
    assert report.num_without_votes == 173
    assert report.wrong_votes_rows == (5274,)
    usable = drop_unusable(faces)
    assert 5274 not in usable.row_index
    assert len(faces) - len(usable) == 13  # 12 of the 13 blank ones, and row 5274; the 13th is in PublicTest


def test_votes_of_copies_are_the_same(faces):
    # FER+ copied them: a twin leaks its votes too, and a slip of one row in our alignment would show here
    seen, digests = {}, faces.digests()
    for place in np.flatnonzero(faces.has_votes):
        votes = seen.setdefault(digests[place], faces.votes[place])
        assert (votes == faces.votes[place]).all()


def test_a_thousand_pictures_survive_class_folders(faces, tmp_path):
    some = faces.select(faces.row_index % 36 == 0)
    write_class_folders(some, tmp_path / "folders")
    again = read_class_folders(tmp_path / "folders")
    told = [
        sorted(zip(f.split_index, f.emotion_index, (p.tobytes() for p in f.pictures), strict=True))
        for f in (some, again)
    ]
    assert told[0] == told[1]
