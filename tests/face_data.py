"""Labelled pictures for tests, in memory and on disk: as a FER2013 CSV, FER+ votes, and picture files."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from core.emotions import FERPLUS_COLUMNS
from training.datasets.face_set import SPLITS, FaceSet

HEADER = "emotion,pixels,Usage"
VOTES_HEADER = "Usage,Image name," + ",".join(FERPLUS_COLUMNS)


def make_picture(seed: int = 0, *, side_px: int = 48) -> NDArray[np.uint8]:
    """(side, side) grey noise, another for each seed."""
    return np.random.default_rng(seed).integers(0, 256, (side_px, side_px), dtype=np.uint8)


def make_face_set(
    pictures: Sequence[NDArray[np.uint8]],
    splits: Sequence[int],
    *,
    labels: Sequence[int] | None = None,
    votes: NDArray[np.float32] | None = None,
) -> FaceSet:
    """Return pictures in splits, all angry and without votes unless said otherwise."""
    num = len(pictures)
    return FaceSet(
        pictures=np.array(pictures, np.uint8),
        emotion_index=np.array(labels or [0] * num, np.int64),
        votes=np.zeros((num, 10), np.float32) if votes is None else votes,
        split_index=np.array(splits, np.int64),
        row_index=np.arange(num),
    )


def make_row(
    *, label: object = 3, pixels: str | None = None, usage: str = "Training", seed: int = 0, order: str = "lpu"
) -> str:
    """Return a row of a FER2013 CSV; `order` names its cells: label, pixels, usage."""
    cells = {"l": str(label), "p": pixels or " ".join(map(str, make_picture(seed).flat)), "u": usage}
    return ",".join(cells[letter] for letter in order)


def write_lines(path: Path, *lines: str) -> Path:
    """Write a text file with an end after each line."""
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def write_fer2013_csv(path: Path, *, num_each: int = 2) -> Path:
    """Write a CSV with `num_each` pictures of every class in every split, no two alike."""
    rows = [
        make_row(label=label, usage=split, seed=(place * 7 + label) * num_each + copy)
        for place, split in enumerate(SPLITS)
        for label in range(7)
        for copy in range(num_each)
    ]
    return write_lines(path, HEADER, *rows)


def write_picture(path: Path, picture: NDArray[np.uint8] | None = None) -> Path:
    """Write a picture losslessly or as its name asks; without one, noise that differs by path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shown = make_picture(sum(path.as_posix().encode())) if picture is None else picture
    _, content = cv2.imencode(path.suffix, shown)
    path.write_bytes(content.tobytes())
    return path
