"""Kaggle's table of FER2013 pictures: `fer2013.csv`, or `icml_face_data.csv` with other columns first. Knows no votes.

2,304 numbers a row make 300 MB of text: each row is checked by its characters first, then parsed in one call.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

import numpy as np
from numpy.typing import NDArray

from core.emotions import EMOTIONS, FERPLUS_COLUMNS
from core.errors import InputError
from training.datasets.face_set import SIDE_PX, SPLITS, FaceSet

_NUM_PIXELS: Final = SIDE_PX * SIDE_PX

#: Twice the longest possible row. A file that is no table must not be read into memory as one line.
_MAX_LINE_BYTES: Final = 8 * _NUM_PIXELS

_EMOTION_OF: Final = {str(index).encode(): index for index in range(len(EMOTIONS))}
_SPLIT_OF: Final = {name.encode(): index for index, name in enumerate(SPLITS)}


@dataclass(frozen=True, kw_only=True)
class _Columns:
    """Where the three cells of a row stand."""

    emotion: int
    pixels: int
    usage: int


class _BadRow(Exception):
    """What is wrong with a row, with the value."""


def is_pictures_header(line: bytes) -> bool:
    """Whether a file's first line names FER2013's three columns, in any order."""
    return sorted(_names_in(line)) == ["emotion", "pixels", "usage"]


def read_pictures_csv(path: Path) -> FaceSet:
    """Read pictures, labels and splits, without votes. Raises InputError with the line of a row that does not fit."""
    pixels, emotions, splits = bytearray(), [], []
    try:
        with path.open("rb") as file:
            columns = _columns_of(path, file.readline(_MAX_LINE_BYTES))
            lines = iter(lambda: file.readline(_MAX_LINE_BYTES), b"")
            for line_number, line in enumerate(lines, start=2):
                try:
                    picture, emotion, split = _parse(line, columns)
                except _BadRow as error:
                    _refuse(f"{path}, line {line_number}: {error}", line)
                pixels += picture.astype(np.uint8).tobytes()
                emotions.append(emotion)
                splits.append(split)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); name the published CSV file") from error
    if not emotions:
        raise InputError(f"{path}: no rows below the header; fetch the file again")
    return FaceSet(
        pictures=np.frombuffer(pixels, np.uint8).reshape(-1, SIDE_PX, SIDE_PX),
        emotion_index=np.array(emotions, np.int64),
        votes=np.zeros((len(emotions), len(FERPLUS_COLUMNS)), np.float32),
        split_index=np.array(splits, np.int64),
        row_index=np.arange(len(emotions)),
    )


def _names_in(header: bytes) -> list[str]:
    return [name.strip(' "').lower() for name in header.decode("utf-8-sig", "replace").strip().split(",")]


def _columns_of(path: Path, header: bytes) -> _Columns:
    if not header:
        raise InputError(f"{path}: is empty; fetch the file again")
    if not is_pictures_header(header):
        raise InputError(
            f"{path}: starts with {_shown(header.strip(), 60)}, expected the columns emotion, pixels and Usage; "
            "name fer2013.csv, icml_face_data.csv, a folder of class folders, or a zip or tar of one of these"
        )
    names = _names_in(header)
    return _Columns(emotion=names.index("emotion"), pixels=names.index("pixels"), usage=names.index("usage"))


def _parse(line: bytes, columns: _Columns) -> tuple[NDArray[np.int64], int, int]:
    """One row -> (2304,) grey levels, position in EMOTIONS, position in SPLITS."""
    cells = [cell.strip(b' "\t\r\n') for cell in line.split(b",")]
    if len(cells) != 3:
        raise _BadRow(f"{len(cells)} cells, expected 3: emotion, pixels and Usage")
    emotion, split = _EMOTION_OF.get(cells[columns.emotion]), _SPLIT_OF.get(cells[columns.usage])
    if emotion is None:
        raise _BadRow(f"label {_shown(cells[columns.emotion])}, expected 0-{len(EMOTIONS) - 1}")
    if split is None:
        raise _BadRow(f"Usage {_shown(cells[columns.usage])}, expected one of {', '.join(SPLITS)}")
    text = cells[columns.pixels]
    if text.translate(None, b"0123456789 "):
        odd = next(value for value in text.split(b" ") if value and not value.isdigit())
        raise _BadRow(f"a pixel of {_shown(odd)}, expected whole numbers of 0-255")
    picture = np.fromstring(text, np.int64, sep=" ")
    if picture.size != _NUM_PIXELS:
        raise _BadRow(f"{picture.size} pixels, expected {_NUM_PIXELS} ({SIDE_PX}x{SIDE_PX})")
    if picture.max() > 255:
        raise _BadRow(f"a pixel of {picture.max()}, expected whole numbers of 0-255")
    return picture, emotion, split


def _shown(value: bytes, max_length: int = 20) -> str:
    return repr(value[:max_length].decode("utf-8", "replace"))


def _refuse(message: str, line: bytes) -> NoReturn:
    cut_off = not line.endswith(b"\n") and len(line) < _MAX_LINE_BYTES
    remedy = "the file ends within this row: fetch it again" if cut_off else "mend the row or fetch the file again"
    raise InputError(f"{message}; {remedy}")
