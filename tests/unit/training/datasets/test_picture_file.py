import cv2
import numpy as np
import pytest

from core.errors import InputError
from tests.face_data import make_picture, write_picture
from training.datasets.picture_file import MAX_FILE_BYTES, read_face_picture


def test_a_picture_of_the_right_size_is_read_as_it_is(tmp_path):
    path = write_picture(tmp_path / "a.png", make_picture(3))
    assert (read_face_picture(path) == make_picture(3)).all()


def test_a_larger_square_is_resized_by_area(tmp_path):
    large = np.kron(make_picture(3), np.ones((2, 2), np.uint8))
    assert (read_face_picture(write_picture(tmp_path / "a.png", large)) == make_picture(3)).all()


def test_a_colour_picture_is_turned_grey_with_red_and_blue_in_their_places(tmp_path):
    blue_green_red = np.zeros((48, 48, 3), np.uint8)
    blue_green_red[..., 2] = 200  # red: .299 of the luminance, blue .114
    grey = read_face_picture(write_picture(tmp_path / "a.png", blue_green_red))
    assert grey[0, 0] == pytest.approx(0.299 * 200, abs=1)


def test_a_jpeg_is_read(tmp_path):
    smooth = np.tile(np.arange(48, dtype=np.uint8) * 5, (48, 1))
    grey = read_face_picture(write_picture(tmp_path / "a.jpg", smooth))
    assert np.abs(grey.astype(int) - smooth).max() < 10


def test_a_picture_that_is_not_square_is_refused_with_its_size_and_the_remedy(tmp_path):
    path = write_picture(tmp_path / "a.png", np.zeros((48, 64), np.uint8))
    with pytest.raises(InputError, match=r"a\.png: 64x48 pixels, expected a square.*crop it.*moodline faces"):
        read_face_picture(path)


def test_a_file_that_is_no_picture_is_refused(tmp_path):
    path = tmp_path / "a.png"
    path.write_text("not a picture")
    with pytest.raises(InputError, match=r"a\.png: cannot be decoded as a picture"):
        read_face_picture(path)


@pytest.mark.parametrize("name", ["a.png", "a.jpg"])
def test_a_picture_that_is_cut_off_is_refused(tmp_path, name):
    path = write_picture(tmp_path / name)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(InputError, match=rf"{name}: a picture that is cut off"):
        read_face_picture(path)


@pytest.mark.parametrize("size_bytes", [0, MAX_FILE_BYTES + 1])
def test_an_empty_and_a_huge_file_are_refused_unread(tmp_path, size_bytes):
    path = tmp_path / "a.png"
    with path.open("wb") as file:
        file.truncate(size_bytes)
    with pytest.raises(InputError, match=rf"a\.png: {size_bytes} bytes, expected"):
        read_face_picture(path)


def test_a_picture_of_far_too_many_pixels_is_refused(tmp_path):
    path = write_picture(tmp_path / "a.png", cv2.resize(np.zeros((1, 1), np.uint8), (5000, 5000)))
    with pytest.raises(InputError, match=r"a\.png: 5000x5000 pixels, expected at most 4096"):
        read_face_picture(path)
