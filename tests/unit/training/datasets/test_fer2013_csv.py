import numpy as np
import pytest

from core.errors import InputError
from tests.face_data import HEADER, make_picture, make_row, write_lines
from training.datasets.fer2013_csv import read_pictures_csv

PIXELS = " ".join(str(i % 256) for i in range(2304))


def test_both_published_headers_are_read(tmp_path):
    kaggle = read_pictures_csv(write_lines(tmp_path / "a.csv", HEADER, make_row(label=4, seed=7)))
    spaced = read_pictures_csv(
        write_lines(tmp_path / "b.csv", "emotion, Usage, pixels", make_row(label=4, seed=7, order="lup"))
    )
    for faces in (kaggle, spaced):
        assert (faces.pictures[0] == make_picture(7)).all()
        assert faces.emotion_index.tolist() == [4]
        assert faces.split_index.tolist() == [0]


def test_pictures_keep_their_rows_order_and_can_be_told_apart_by_line(tmp_path):
    usages = ("PrivateTest", "Training", "PublicTest")
    rows = [make_row(seed=seed, usage=usage, label=seed) for seed, usage in enumerate(usages)]
    faces = read_pictures_csv(write_lines(tmp_path / "a.csv", HEADER, *rows))
    assert faces.split_index.tolist() == [2, 0, 1]
    assert faces.row_index.tolist() == [0, 1, 2]
    assert all((faces.pictures[seed] == make_picture(seed)).all() for seed in range(3))


@pytest.mark.parametrize("rewritten", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")])
def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path, rewritten):
    path = write_lines(tmp_path / "a.csv", HEADER, make_row(seed=5))
    path.write_bytes(rewritten(path.read_text()).encode())
    assert (read_pictures_csv(path).pictures[0] == make_picture(5)).all()


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (make_row(pixels=PIXELS.removesuffix(" 255")), "2303 pixels, expected 2304"),
        (make_row(pixels=PIXELS + " 0"), "2305 pixels, expected 2304"),
        (make_row(pixels=PIXELS.replace(" 254", " 300", 1)), "a pixel of 300, expected"),
        (make_row(pixels=PIXELS.replace(" 254", f" {2**64 + 5}", 1)), "a pixel of .*, expected"),
        (make_row(pixels=PIXELS.replace(" 254", " -1", 1)), "a pixel of '-1', expected"),
        (make_row(pixels=PIXELS.replace(" 254", " 1.5", 1)), "a pixel of '1.5', expected"),
        (make_row(label=9), "label '9', expected 0-6"),
        (make_row(label="happy"), "label 'happy', expected 0-6"),
        (make_row(usage="Testing"), "Usage 'Testing', expected one of Training, PublicTest, PrivateTest"),
        ("3", "1 cells, expected 3"),
        ("", "1 cells, expected 3"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_value(tmp_path, row, complaint):
    with pytest.raises(InputError, match=rf"a\.csv, line 3: {complaint}.*; mend the row or fetch the file again$"):
        read_pictures_csv(write_lines(tmp_path / "a.csv", HEADER, make_row(), row, make_row()))


def test_a_file_that_ends_within_a_row_is_said_to_be_cut_off(tmp_path):
    path = write_lines(tmp_path / "a.csv", HEADER, make_row(), make_row())
    path.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(InputError, match=r"a\.csv, line 3: .*the file ends within this row: fetch it again"):
        read_pictures_csv(path)


def test_a_wrong_header_is_shown_with_what_was_expected(tmp_path):
    with pytest.raises(InputError, match=r"a\.csv: starts with 'label,image', expected the columns emotion"):
        read_pictures_csv(write_lines(tmp_path / "a.csv", "label,image", "3,x"))


def test_a_file_that_is_no_text_is_refused_by_its_start(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(np.arange(256, dtype=np.uint8).tobytes() * 100)
    with pytest.raises(InputError, match=r"a\.csv: starts with .*expected the columns"):
        read_pictures_csv(path)


def test_an_empty_file_and_a_header_alone_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"a\.csv: is empty"):
        read_pictures_csv(write_lines(tmp_path / "a.csv"))
    with pytest.raises(InputError, match=r"b\.csv: no rows below the header"):
        read_pictures_csv(write_lines(tmp_path / "b.csv", HEADER))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"missing\.csv: cannot be read \(No such file"):
        read_pictures_csv(tmp_path / "missing.csv")
