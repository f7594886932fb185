"""FER+'s file of votes, `fer2013new.csv`: row i belongs to the pictures' row i. Image names are not row numbers."""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.emotions import FERPLUS_COLUMNS
from core.errors import InputError
from training.datasets.face_set import SPLITS

#: FER+ asked ten people a picture.
_MAX_VOTES: Final = 10

_COLUMNS: Final = ("Usage", "Image name", *FERPLUS_COLUMNS)


def read_votes(path: Path, split_index: NDArray[np.int64]) -> NDArray[np.float32]:
    """(N,) splits of the pictures -> (N, 10) votes in FERPLUS_COLUMNS' order. Raises InputError with the line number.

    A row without an image name has no FER+ picture: its votes are zero, whatever the file says.
    """
    header, *lines = _lines_of(path)
    if tuple(header) != _COLUMNS:
        raise InputError(
            f"{path}: starts with the columns {', '.join(header)[:60]!r}, expected {', '.join(_COLUMNS)}; "
            "name FER+'s fer2013new.csv"
        )
    if len(lines) != len(split_index):
        raise InputError(
            f"{path}: {len(lines)} rows of votes for {len(split_index)} pictures; both files must be complete"
        )
    votes = np.zeros((len(lines), len(FERPLUS_COLUMNS)), np.float32)
    for row_index, cells in enumerate(lines):
        place = f"{path}, line {row_index + 2}"
        if len(cells) != len(_COLUMNS):
            raise InputError(f"{place}: {len(cells)} cells, expected {len(_COLUMNS)}; fetch the file again")
        usage, image_name, *counts = cells
        if usage != SPLITS[split_index[row_index]]:
            raise InputError(
                f"{place}: Usage {usage[:20]!r}, but this row's picture is in {SPLITS[split_index[row_index]]}; "
                "both files must be as published, in the same order"
            )
        if image_name:
            votes[row_index] = [_count(text, place) for text in counts]
    return votes


def _lines_of(path: Path) -> list[list[str]]:
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); name FER+'s fer2013new.csv") from error
    if not text:
        raise InputError(f"{path}: is empty; fetch FER+'s fer2013new.csv again")
    return [[cell.strip() for cell in line.split(",")] for line in text.splitlines()]


def _count(text: str, place: str) -> int:
    if text.isdecimal() and text.isascii() and int(text) <= _MAX_VOTES:
        return int(text)
    raise InputError(f"{place}: {text[:20]!r} votes, expected a number of 0-{_MAX_VOTES}; fetch the file again")
