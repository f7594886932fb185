"""`moodline timeline`: what the faces of a stored media appeared to show, binned by time."""

from pathlib import Path
from typing import Annotated

import typer

from cli.options import DbOption, MediaOption, TimelineFormat, store_url
from core.time_widths import parse_bin


def timeline(
    media: MediaOption,
    bin_text: Annotated[str, typer.Option("--bin", help="Width of a bin: 0.1s, 500ms, 2m, whole.")] = "1s",
    form: Annotated[TimelineFormat, typer.Option("--format", help="How it is given out.")] = TimelineFormat.TABLE,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it here, a manifest beside it.")] = None,
    smooth: Annotated[bool, typer.Option("--smooth", help="Smooth each face's readings over time first.")] = False,
    db: DbOption = None,
) -> None:
    """Show a stored media's timeline: coverage, mean probabilities and the emotion that faces mostly appear to show."""
    bin_us = parse_bin(bin_text)
    from cli.videos.give_out import give_out
    from db.stored_media import open_media
    from db.timelines import timelines

    with open_media(store_url(db), media) as found, found.store.reading() as connection:
        result = timelines.timeline(connection, found.job.id, bin_us=bin_us)
        if smooth:
            from db.observations import stream_frames
            from fer_model.classification.smoothed_timeline import smooth_timeline
            from fer_model.classification.smoothing import Smoothing

            result = smooth_timeline(result, stream_frames(connection, found.job.id), Smoothing())
        give_out(result, form, title=Path(found.media.path).name, out=out)
        if out is not None:
            from cli.rendering.manifests import write_manifest
            from core.exports.timeline_rows import COLUMNS
            from db.archive.provenance import sources_of_media

            asked = {"media_id": found.media.id, "bin": bin_text, "smooth": smooth}
            sources = sources_of_media(connection, found.job.id)
            write_manifest(out, form=form.value, question=asked, columns=COLUMNS, sources=sources)
