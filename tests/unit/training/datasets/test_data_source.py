import shutil
import zipfile

import numpy as np
import pytest

from core.errors import InputError
from tests.face_data import HEADER, VOTES_HEADER, make_row, write_fer2013_csv, write_lines, write_picture
from training.datasets.class_folders import write_class_folders
from training.datasets.data_source import read_faces


@pytest.fixture
def table(tmp_path):
    return write_fer2013_csv(tmp_path / "fer2013.csv", num_each=1)


def described(faces):
    """What a data set says, whatever the order of its rows."""
    return {(p.tobytes(), e, s) for p, e, s in zip(faces.pictures, faces.emotion_index, faces.split_index, strict=True)}


def test_a_table_its_folders_and_archives_of_both_say_the_same(table, tmp_path):
    faces = read_faces(table)
    write_class_folders(faces, tmp_path / "folders")
    with zipfile.ZipFile(tmp_path / "table.zip", "w") as archive:
        archive.write(table, "fer2013/fer2013.csv")
    shutil.make_archive(str(tmp_path / "pictures"), "gztar", tmp_path, "folders")
    for source in ("folders", "table.zip", "pictures.tar.gz"):
        assert described(read_faces(tmp_path / source)) == described(faces)


def test_votes_go_with_the_rows_of_a_table_in_an_archive_too(tmp_path):
    rows = [make_row(seed=seed) for seed in range(2)]
    table = write_lines(tmp_path / "a.csv", HEADER, *rows)
    votes = write_lines(tmp_path / "v.csv", VOTES_HEADER, *["Training,fer1.png,10,0,0,0,0,0,0,0,0,0"] * 2)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(table, "a.csv")
    assert read_faces(tmp_path / "a.zip", votes).has_votes.all()


def test_votes_beside_class_folders_are_refused(tmp_path):
    write_picture(tmp_path / "faces" / "happy" / "1.png")
    with pytest.raises(InputError, match=r"v\.csv: votes belong to the rows of the published CSV"):
        read_faces(tmp_path / "faces", tmp_path / "v.csv")


def test_a_missing_path_is_named(tmp_path):
    with pytest.raises(InputError, match="nowhere: no such file or folder"):
        read_faces(tmp_path / "nowhere")


def test_an_empty_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"a\.csv: is empty"):
        read_faces(write_lines(tmp_path / "a.csv"))


@pytest.mark.parametrize(("wrapped_in", "shown"), [("", r"a\.zip"), ("faces/", r"a\.zip, faces")])
def test_a_complaint_from_inside_an_archive_shows_no_temporary_folder(tmp_path, wrapped_in, shown):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(f"{wrapped_in}contempt/1.png", b"x")
        archive.writestr(f"{wrapped_in}happy/1.png", b"x")
    with pytest.raises(InputError, match=rf"{shown}: 'contempt' is no class"):
        read_faces(tmp_path / "a.zip")


def test_pictures_can_be_changed_after_reading(table):
    faces = read_faces(table)
    assert faces.pictures.flags.writeable
    assert faces.pictures.dtype == np.uint8
