"""`moodline frames`: the raw rows of a stored media, one line a frame (JSON) or a face (CSV)."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from cli.options import DbOption, MediaOption, store_url


class FramesFormat(StrEnum):
    """How frames can be given out."""

    JSON = "json"
    CSV = "csv"


def frames(
    media: MediaOption,
    form: Annotated[FramesFormat, typer.Option("--format", help="JSON lines, or CSV.")] = FramesFormat.JSON,
    db: DbOption = None,
) -> None:
    """Print every sampled frame of a stored media, with its status and its faces as they were read."""
    import json

    from cli.render_csv import write_frames_csv
    from cli.stored_media import open_media
    from core.documents import frame_document
    from db.observations import stream_frames

    with open_media(store_url(db), media) as found, found.store.reading() as connection:
        rows = stream_frames(connection, found.job.id)
        if form is FramesFormat.CSV:
            write_frames_csv(rows, sys.stdout)
        else:
            for row in rows:
                sys.stdout.write(json.dumps(frame_document(row)) + "\n")
