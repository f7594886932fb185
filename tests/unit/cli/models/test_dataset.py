import json

import numpy as np
import pytest
from typer.testing import CliRunner

from cli.models.dataset import app
from cli.rendering.dataset import dataset_document
from core.errors import InputError
from tests.face_data import make_face_set, make_picture, write_fer2013_csv
from training.datasets.cleaning import examine
from training.datasets.data_source import read_faces
from training.datasets.face_set import SPLITS

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    return write_fer2013_csv(tmp_path_factory.mktemp("data") / "fer2013.csv", num_each=2)


def run(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_report_says_how_many_pictures_of_each_class_there_are(table):
    output = run("report", table)
    assert "42 labelled pictures" in output
    assert [line.split()[:2] for line in output.splitlines() if line.startswith("disgust")] == [["disgust", "2"]]
    assert "near copies" not in output


def test_near_copies_are_reported_on_request(table):
    assert "near copies of PrivateTest" in run("report", table, "--near")


def test_the_json_report_names_every_count(table):
    document = json.loads(run("report", table, "--json", "--near"))
    assert document["num_pictures"] == 42
    assert list(document["splits"]) == list(SPLITS)
    assert document["splits"]["PublicTest"]["classes"]["surprise"] == 2
    assert document["splits"]["PublicTest"]["num_near_duplicates"] == 0
    assert document["num_without_votes"] == 42


def test_what_was_not_looked_for_is_null_and_not_nought():
    document = dataset_document(examine(make_face_set([make_picture()], [0])), None)
    assert document["splits"]["Training"]["num_near_duplicates"] is None


def test_three_pictures_are_drawn(table, tmp_path):
    run("pictures", table, "--out", tmp_path / "new")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [
        "augmentation.png",
        "classes.png",
        "samples.png",
    ]


def test_folders_are_written_that_can_be_read_again(table, tmp_path):
    assert "wrote 42 pictures" in run("folders", table, "--out", tmp_path / "new")
    assert np.bincount(read_faces(tmp_path / "new").emotion_index).tolist() == [6] * 7


def test_a_wrong_path_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        run("report", tmp_path / "nowhere")
