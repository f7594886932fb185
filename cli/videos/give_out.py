"""Give a timeline out: on the terminal, as text on standard output, or as a file."""

import json
import sys
from pathlib import Path
from typing import Final, TextIO

import typer

from cli.options import TimelineFormat
from cli.rendering.table_files import TableForm, give_out_table
from cli.rendering.timeline_table import render_timeline
from cli.terminal import console_for
from core.documents import timeline_document
from core.errors import EnvironmentFault
from core.timeline import Timeline

#: Pictures and pages, which a terminal cannot show.
_DRAWN: Final = (TimelineFormat.PNG, TimelineFormat.HTML)


def give_out(timeline: Timeline, form: TimelineFormat, *, title: str, out: Path | None) -> None:
    """Write the timeline to `out`; without it, to standard output, and pictures and pages to the current folder."""
    if form.value in set(TableForm):
        from core.exports.timeline_rows import timeline_table

        give_out_table(timeline_table(timeline), TableForm(form), out)
        return
    if out is None and form in _DRAWN:
        out = Path(f"{Path(title).stem}.timeline.{form}")
    if out is None:
        _write_text(timeline, form, title, sys.stdout)
        return
    try:
        _write(timeline, form, title, out)
    except OSError as error:
        raise EnvironmentFault(f"{out}: cannot be written ({error.strerror}); choose another place") from error
    typer.echo(f"wrote {out}", err=True)


def _write(timeline: Timeline, form: TimelineFormat, title: str, out: Path) -> None:
    if form is TimelineFormat.PNG:
        from cli.rendering.timeline_png import write_timeline_png

        write_timeline_png(timeline, out, title=title)
    elif form is TimelineFormat.HTML:
        from cli.rendering.timeline_html import write_timeline_html

        write_timeline_html(timeline, out, title=title)
    else:
        with out.open("w", encoding="utf-8", newline="") as file:
            _write_text(timeline, form, title, file)


def _write_text(timeline: Timeline, form: TimelineFormat, title: str, file: TextIO) -> None:
    if form is TimelineFormat.JSON:
        file.write(json.dumps(timeline_document(timeline)) + "\n")
    elif form is TimelineFormat.TEXTGRID:
        from core.exports.textgrid import write_textgrid

        write_textgrid(timeline, file)
    else:
        console_for(file).print(render_timeline(timeline, title=title))
