import numpy as np
import pytest

from core.errors import InputError
from tests.face_data import VOTES_HEADER, write_lines
from training.datasets.ferplus_votes import read_votes

GOOD = "Training,fer0000000.png,4,0,0,1,3,2,0,0,0,0"
TWO_IN_TRAINING = np.array([0, 0])


def test_votes_are_read_in_the_files_order_of_columns(tmp_path):
    votes = read_votes(write_lines(tmp_path / "v.csv", VOTES_HEADER, GOOD, GOOD), TWO_IN_TRAINING)
    assert votes.tolist() == [[4, 0, 0, 1, 3, 2, 0, 0, 0, 0]] * 2


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (GOOD.replace(",3,", ",x,"), "'x' votes, expected a number of 0-10"),
        (GOOD.replace(",3,", ",nan,"), "'nan' votes"),
        (GOOD.replace(",3,", ",-3,"), "'-3' votes"),
        (GOOD.replace(",3,", ",,"), "'' votes"),
        (GOOD.replace(",3,", ",11,"), "'11' votes"),
        (GOOD[:-2], "11 cells, expected 12"),
        (GOOD.replace("Training", "PrivateTest"), "Usage 'PrivateTest', but this row's picture is in Training"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_value(tmp_path, row, complaint):
    with pytest.raises(InputError, match=rf"v\.csv, line 3: {complaint}"):
        read_votes(write_lines(tmp_path / "v.csv", VOTES_HEADER, GOOD, row), TWO_IN_TRAINING)


@pytest.mark.parametrize("num_rows", [0, 1, 3])
def test_votes_for_another_number_of_rows_are_refused(tmp_path, num_rows):
    with pytest.raises(InputError, match=f"{num_rows} rows of votes for 2 pictures"):
        read_votes(write_lines(tmp_path / "v.csv", VOTES_HEADER, *[GOOD] * num_rows), TWO_IN_TRAINING)


def test_another_order_of_columns_is_refused(tmp_path):
    shuffled = VOTES_HEADER.replace("neutral,happiness", "happiness,neutral")
    with pytest.raises(InputError, match=r"v\.csv: starts with the columns .*expected Usage, Image name, neutral"):
        read_votes(write_lines(tmp_path / "v.csv", shuffled, GOOD, GOOD), TWO_IN_TRAINING)


def test_an_empty_and_a_missing_file_are_named(tmp_path):
    with pytest.raises(InputError, match=r"v\.csv: is empty"):
        read_votes(write_lines(tmp_path / "v.csv"), TWO_IN_TRAINING)
    with pytest.raises(InputError, match=r"missing\.csv: cannot be read"):
        read_votes(tmp_path / "missing.csv", TWO_IN_TRAINING)


def test_bytes_that_are_no_text_are_refused_and_not_a_traceback(tmp_path):
    path = tmp_path / "v.csv"
    path.write_bytes(b"\xff\xfe\x00" * 50)
    with pytest.raises(InputError, match=r"v\.csv: starts with the columns"):
        read_votes(path, TWO_IN_TRAINING)
