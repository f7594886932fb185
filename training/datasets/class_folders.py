"""Pictures sorted into folders by class, with or without split folders above: reading and writing them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from core.emotions import EMOTIONS, FERPLUS_COLUMNS
from core.errors import EnvironmentFault, InputError
from training.datasets.class_names import emotion_index_of, is_class_name, is_split_name, split_index_of
from training.datasets.face_set import SPLITS, FaceSet, digest_of
from training.datasets.picture_file import read_face_picture

_TRAINING, _PUBLIC, _PRIVATE = range(3)

#: What file managers leave behind; hidden files are left alone too.
_NO_PICTURES: Final = frozenset({"thumbs.db", "desktop.ini", "__macosx"})


@dataclass(frozen=True, kw_only=True)
class _ClassFolder:
    """One folder of pictures that share a label, and a split where the layout has them."""

    path: Path
    emotion_index: int
    split_index: int | None


def read_class_folders(folder: Path) -> FaceSet:
    """Read `<split>/<class>/*` or `<class>/*`. Raises InputError with the folder or file that does not fit.

    Where splits are missing, a picture's pixels decide: copies share a split, and every reading gives the same one.
    """
    folders = _class_folders_in(_descend(folder))
    labelled = sorted(
        ((path, found) for found in folders for path in _pictures_in(found.path)),
        key=lambda pair: pair[0].relative_to(folder).parts,
    )
    pictures = np.stack([read_face_picture(path) for path, _ in labelled])
    given = [found.split_index for _, found in labelled]
    return FaceSet(
        pictures=pictures,
        emotion_index=np.array([found.emotion_index for _, found in labelled], np.int64),
        votes=np.zeros((len(labelled), len(FERPLUS_COLUMNS)), np.float32),
        split_index=_completed_splits(pictures, given),
        row_index=np.arange(len(labelled)),
    )


def write_class_folders(faces: FaceSet, out: Path) -> None:
    """Write `<out>/<split>/<class>/<row>.png`, losslessly. Raises InputError where the folder is not empty."""
    if out.exists() and any(out.iterdir()):
        raise InputError(f"{out}: is not empty, so pictures would mix with others; name a new folder")
    for split_index, split in enumerate(SPLITS):
        for emotion_index, emotion in enumerate(EMOTIONS):
            chosen = (faces.split_index == split_index) & (faces.emotion_index == emotion_index)
            folder = out / split / emotion
            if chosen.any():
                _write_pictures(faces.select(chosen), folder)


def _write_pictures(faces: FaceSet, folder: Path) -> None:
    try:
        folder.mkdir(parents=True)
        for picture, row_index in zip(faces.pictures, faces.row_index, strict=True):
            _, png = cv2.imencode(".png", picture)
            (folder / f"{row_index:05d}.png").write_bytes(png.tobytes())
    except OSError as error:
        raise EnvironmentFault(f"{folder}: cannot be written ({error.strerror}); make room or name another") from error


def _descend(folder: Path) -> Path:
    """Go down through folders that hold one folder of another name and nothing else, as archives often have."""
    while True:
        inside = _folders_in(folder)
        if len(inside) != 1 or is_class_name(inside[0].name) or is_split_name(inside[0].name):
            return folder
        if not _folders_in(inside[0]):
            return folder
        folder = inside[0]


def _class_folders_in(root: Path) -> list[_ClassFolder]:
    inside = _folders_in(root)
    if not inside:
        raise InputError(
            f"{root}: holds no folders; expected train/<class>/…, val/<class>/…, test/<class>/… or <class>/… "
            "with pictures in them, or name a FER2013 CSV file itself"
        )
    if not any(is_split_name(found.name) for found in inside):
        return [_class_folder(found, split_index=None) for found in inside]
    splits = {found: split_index_of(found.name, place=str(root)) for found in inside}
    for needed, example in ((_TRAINING, "train"), (_PRIVATE, "test")):
        if needed not in splits.values():
            raise InputError(
                f"{root}: no folder of {SPLITS[needed]} pictures; add {example}/<class>/…, "
                "or put all class folders into one folder: it is then split 80/10/10"
            )
    for found in splits:
        if not _folders_in(found):
            raise InputError(f"{found}: holds no class folders; expected {found.name}/<class>/… with pictures in them")
    # A training folder without one for validation gives a tenth of itself; its pictures decide which.
    splits_given = {
        found: None if split == _TRAINING and _PUBLIC not in splits.values() else split
        for found, split in splits.items()
    }
    return [
        _class_folder(found, split_index=split)
        for parent, split in splits_given.items()
        for found in _folders_in(parent)
    ]


def _class_folder(path: Path, *, split_index: int | None) -> _ClassFolder:
    emotion_index = emotion_index_of(path.name, place=str(path.parent))
    return _ClassFolder(path=path, emotion_index=emotion_index, split_index=split_index)


def _pictures_in(folder: Path) -> list[Path]:
    found = _visible_in(folder)
    if not found:
        raise InputError(f"{folder}: an empty class folder; put its pictures in or take it away")
    for path in found:
        if path.is_dir():
            raise InputError(f"{path}: a folder inside a class folder; expected pictures only, move them up")
    return found


def _folders_in(folder: Path) -> list[Path]:
    return [path for path in _visible_in(folder) if path.is_dir()]


def _visible_in(folder: Path) -> list[Path]:
    try:
        found = sorted(folder.iterdir())
    except OSError as error:
        raise InputError(f"{folder}: cannot be read ({error.strerror}); name a readable folder") from error
    return [path for path in found if not path.name.startswith(".") and path.name.lower() not in _NO_PICTURES]


def _completed_splits(pictures: NDArray[np.uint8], given: list[int | None]) -> NDArray[np.int64]:
    """(N,) splits: the given ones, and where there is none a share by pixels.

    Without any split 80/10/10; beside a test folder, where nothing may move into the test split, 90/10.
    """
    shares = (0.9, 1.0) if _PRIVATE in given else (0.8, 0.9)
    return np.array(
        [
            int(np.searchsorted(shares, _place(picture), side="right")) if split is None else split
            for picture, split in zip(pictures, given, strict=True)
        ],
        np.int64,
    )


def _place(picture: NDArray[np.uint8]) -> float:
    """Return a number of 0..1 that depends on the pixels alone, spread evenly over pictures."""
    return int.from_bytes(digest_of(picture)[:6], "big") / 2**48
