"""`moodline frames`: the raw rows of a stored media."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.options import DbOption, MediaOption, store_url
from cli.rendering.table_files import TableForm, give_out_table


class FramesFormat(StrEnum):
    """How frames can be given out."""

    JSON = "json"  # nested: a line a frame
    CSV = "csv"
    JSONL = "jsonl"  # flat: a line a face
    PARQUET = "parquet"


def frames(
    media: MediaOption,
    form: Annotated[
        FramesFormat, typer.Option("--format", help="json: a line a frame, its faces within; others: a row a face.")
    ] = FramesFormat.JSON,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write csv, jsonl or parquet here, a manifest beside it.")
    ] = None,
    db: DbOption = None,
) -> None:
    """Give out every sampled frame of a stored media, with its status and its faces as they were read."""
    from core.documents import frame_document
    from core.errors import InputError
    from core.exports.frame_rows import COLUMNS, frame_table
    from db.archive.provenance import sources_of_media
    from db.observations import stream_frames
    from db.stored_media import open_media

    if form is FramesFormat.JSON and out is not None:
        raise InputError("--out: goes with --format csv, jsonl or parquet")
    with open_media(store_url(db), media) as found, found.store.reading() as connection:
        rows = stream_frames(connection, found.job.id)
        if form is FramesFormat.JSON:
            for row in rows:
                sys.stdout.write(json.dumps(frame_document(row)) + "\n")
            return
        give_out_table(frame_table(rows), TableForm(form), out)
        if out is not None:
            from cli.rendering.manifests import write_manifest

            sources = sources_of_media(connection, found.job.id)
            write_manifest(
                out,
                form=form.value,
                question={"media_id": found.media.id, "rows": "all"},
                columns=COLUMNS,
                sources=sources,
            )
