"""Options that several commands share, and the parsing of their values."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from core.errors import InputError
from core.media import DetectorKind

DbOption = Annotated[
    str | None, typer.Option(metavar="URL", help="The store of rows; default MOODLINE_DB_URL or sqlite:///moodline.db.")
]
DataOption = Annotated[
    Path,
    typer.Option(
        metavar="PATH",
        help="fer2013.csv, icml_face_data.csv, a folder of class folders, or an archive of one.",
        show_default=False,
    ),
]
VotesOption = Annotated[Path | None, typer.Option(metavar="CSV", help="FER+'s fer2013new.csv, row for row.")]
DeviceOption = Annotated[str, typer.Option(metavar="NAME", help="Where to compute: cpu, cuda:0.")]
MediaOption = Annotated[str, typer.Option(metavar="ID|PATH", help="A media's id, the start of one, or its file.")]

_Number = TypeVar("_Number", int, float)


class TimelineFormat(StrEnum):
    """How a timeline can be given out."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    TEXTGRID = "textgrid"
    PNG = "png"
    HTML = "html"


def parse_rate(text: str) -> float:
    """Turn the value of --rate into a number."""
    return _parse_number(text, float, example="5 or 0.5")


def parse_score(text: str) -> float:
    """Turn a share of 1 into a number."""
    return _parse_number(text, float, example="0.8")


def parse_moment(text: str) -> datetime:
    """Turn a time with its zone into an aware datetime."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a time; write it like 2026-11-20T09:30:00+01:00.") from error
    if moment.tzinfo is None:
        raise typer.BadParameter(f"{text!r} has no time zone; write it like {text}+01:00 or {text}Z.")
    return moment


def parse_pixels(text: str) -> int:
    """Turn a length in pixels into a number."""
    return _parse_number(text, int, example="40")


MinScoreOption = Annotated[
    float, typer.Option(metavar="SHARE", parser=parse_score, help="Leave out faces that the detector is less sure of.")
]
MinFaceOption = Annotated[
    int, typer.Option(metavar="PX", parser=parse_pixels, help="Smallest face height to look for.")
]
DetectorOption = Annotated[
    DetectorKind,
    typer.Option(help="fast: search key frames, follow faces between; exact: search every frame."),
]


def store_url(db: str | None) -> str:
    """Return the store that was named, or the one of the settings."""
    from core.settings import load_settings

    return db or load_settings().db_url


def _parse_number(text: str, kind: Callable[[str], _Number], *, example: str) -> _Number:
    try:
        return kind(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a number; write it like {example}.") from error


def writable_folder(path: Path) -> Path:
    """Make a folder for results. Raises InputError where that cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"--out {path}: cannot be made ({error.strerror}); name a folder that can be written"
        ) from error
    return path
