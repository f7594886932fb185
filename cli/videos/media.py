"""`moodline media`: what the store holds."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.options import DbOption, store_url

if TYPE_CHECKING:
    from db.records import MediaSummary


def media(
    db: DbOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a media.")] = False,
) -> None:
    """List the media in the store, newest first, with the state of the job whose rows are read."""
    import json

    from db.archive.media import list_media
    from db.store import open_existing_store

    store = open_existing_store(store_url(db))
    with store.reading() as connection:
        summaries = list_media(connection)
    store.close()
    if as_json:
        for summary in summaries:
            typer.echo(json.dumps(_document(summary)))
    else:
        _print_table(summaries)


def _document(summary: "MediaSummary") -> dict[str, Any]:
    found, job = summary.media, summary.job
    return {
        "media_id": found.id,
        "path": found.path,
        "sha256": found.sha256,
        "duration_seconds": found.duration_seconds,
        "width_px": found.width_px,
        "height_px": found.height_px,
        "codec_name": found.codec_name,
        "timestamps_estimated": found.timestamps_estimated,
        "num_jobs": summary.num_jobs,
        "job_id": job.id if job else None,
        "state": job.state.value if job else None,
        "model_version": job.model_version_id if job else None,
        "num_frames": job.num_frames if job else 0,
        "num_face_frames": job.num_face_frames if job else 0,
    }


def _print_table(summaries: "list[MediaSummary]") -> None:
    from pathlib import Path

    from rich.table import Table

    from cli.terminal import console_for

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("media", no_wrap=True)
    for name in ("file", "length", "frames", "with a face", "state", "model", "runs"):
        table.add_column(name)
    for summary in summaries:
        found, job = summary.media, summary.job
        table.add_row(
            found.id,
            Path(found.path).name,
            f"{found.duration_seconds:.1f} s",
            str(job.num_frames) if job else "",
            str(job.num_face_frames) if job else "",
            job.state.value if job else "nothing to read",
            job.model_version_id if job else "",
            str(summary.num_jobs),
        )
    console_for(sys.stdout).print(table if summaries else "the store is empty; `moodline analyze FILE` fills it")
