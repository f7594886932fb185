"""The one way in for training pictures: a FER2013 CSV, class folders, or an archive of either, known by its content."""

from pathlib import Path

from core.errors import InputError
from training.datasets.archives import is_archive, unpacked
from training.datasets.class_folders import read_class_folders
from training.datasets.face_set import FaceSet
from training.datasets.fer2013 import read_fer2013


def read_faces(data: Path, votes: Path | None = None) -> FaceSet:
    """Read a data set, with FER+'s votes where they are given. Raises InputError with one clear line."""
    if not data.exists():
        raise InputError(f"{data}: no such file or folder; name a FER2013 CSV, a folder of class folders or an archive")
    if data.is_dir() or not is_archive(data):
        return _read(data, votes)
    with unpacked(data) as inside:
        return _read(inside, votes)


def _read(data: Path, votes: Path | None) -> FaceSet:
    if not data.is_dir():
        return read_fer2013(data, votes)
    if votes is not None:
        raise InputError(
            f"{votes}: votes belong to the rows of the published CSV, and {data} holds class folders; "
            "name fer2013.csv, or leave the votes out"
        )
    return read_class_folders(data)
