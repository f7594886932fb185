"""Give a timeline out: on the terminal, as text on standard output, or as a file."""

import json
import sys
from pathlib import Path

import typer

from cli.options import TimelineFormat
from cli.render_csv import write_timeline_csv
from cli.render_table import render_timeline
from cli.terminal import console_for
from core.documents import timeline_document
from core.errors import EnvironmentFault
from core.timeline import Timeline


def give_out(timeline: Timeline, form: TimelineFormat, *, title: str, out: Path | None) -> None:
    """Write the timeline to `out`; without it, to standard output, and pictures and pages to the current folder."""
    if out is None and form in (TimelineFormat.PNG, TimelineFormat.HTML):
        out = Path(f"{Path(title).stem}.timeline.{form}")
    if out is None:
        _print(timeline, form, title)
        return
    try:
        _write(timeline, form, title, out)
    except OSError as error:
        raise EnvironmentFault(f"{out}: cannot be written ({error.strerror}); choose another place") from error
    typer.echo(f"wrote {out}", err=True)


def _print(timeline: Timeline, form: TimelineFormat, title: str) -> None:
    if form is TimelineFormat.TABLE:
        console_for(sys.stdout).print(render_timeline(timeline, title=title))
    elif form is TimelineFormat.JSON:
        typer.echo(json.dumps(timeline_document(timeline)))
    else:
        write_timeline_csv(timeline, sys.stdout)


def _write(timeline: Timeline, form: TimelineFormat, title: str, out: Path) -> None:
    if form is TimelineFormat.PNG:
        from cli.render_png import write_timeline_png

        write_timeline_png(timeline, out, title=title)
    elif form is TimelineFormat.HTML:
        from cli.render_html import write_timeline_html

        write_timeline_html(timeline, out, title=title)
    else:
        with out.open("w", encoding="utf-8", newline="") as file:
            if form is TimelineFormat.JSON:
                file.write(json.dumps(timeline_document(timeline)) + "\n")
            elif form is TimelineFormat.CSV:
                write_timeline_csv(timeline, file)
            else:
                console_for(file).print(render_timeline(timeline, title=title))
