"""Hand labels: what a person says a face appears to show, from when to when in which media. Read from CSV, checked."""

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.emotions import EMOTIONS
from core.errors import InputError
from core.observations import MICROSECONDS_PER_SECOND

COLUMNS: Final = ("media", "start_seconds", "end_seconds", "emotion")


@dataclass(frozen=True, kw_only=True)
class LabelledSpan:
    """One line of a file of labels."""

    row: int  # line in the file, the header is 1
    media: str  # id, path or file name
    start_us: int  # presentation time, inclusive
    end_us: int  # exclusive
    emotion: str  # one of EMOTIONS


def read_labels(path: Path) -> list[LabelledSpan]:
    """Read a file of labels. Raises InputError with the row at which it is wrong."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return parse_labels(file, name=str(path))
    except OSError as error:
        raise InputError(f"--labels {path}: cannot be read ({error.strerror}); give a CSV file") from error
    except UnicodeDecodeError as error:
        raise InputError(f"--labels {path}: is not text in UTF-8; save it as CSV in UTF-8") from error


def parse_labels(lines: Iterable[str], *, name: str) -> list[LabelledSpan]:
    """Read labels out of lines of CSV; `name` is how errors call the file."""
    reader = csv.DictReader(lines, strict=True)
    found = []
    try:
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise InputError(f"{name}, row 1: no column {missing[0]}; the columns are {', '.join(COLUMNS)}")
        for fields in reader:
            found.append(_span(fields, f"{name}, row {reader.line_num}", reader.line_num))
    except csv.Error as error:
        raise InputError(f"{name}, row {reader.reader.line_num}: is not CSV ({error})") from error
    if not found:
        raise InputError(f"{name}: holds no label; a row is media,start_seconds,end_seconds,emotion")
    return found


def _span(fields: dict[str, str | None], where: str, row: int) -> LabelledSpan:
    values = {column: (fields[column] or "").strip() for column in COLUMNS}
    if not values["media"]:
        raise InputError(f"{where}: no media; write an id, a path or a file's name")
    emotion = values["emotion"].lower()
    if emotion not in EMOTIONS:
        raise InputError(f"{where}: emotion {values['emotion']!r} is none of {', '.join(EMOTIONS)}")
    start, end = (_seconds(values[column], column, where) for column in ("start_seconds", "end_seconds"))
    if end <= start:
        raise InputError(f"{where}: end_seconds {end:g} is not after start_seconds {start:g}")
    return LabelledSpan(
        row=row,
        media=values["media"],
        start_us=round(start * MICROSECONDS_PER_SECOND),
        end_us=round(end * MICROSECONDS_PER_SECOND),
        emotion=emotion,
    )


def _seconds(text: str, column: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"{where}: {column} {text!r} is not a number of seconds")
    return value
