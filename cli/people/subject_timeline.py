"""`moodline subject timeline`: one person's record over days to months."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from cli.options import DbOption, store_url
from cli.people.subject_options import actor
from cli.rendering.table_files import TableForm, give_out_table
from core.calendar_bins import parse_width, parse_zone
from core.errors import EnvironmentFault
from core.time_ranges import parse_range

if TYPE_CHECKING:
    from core.people.subject_timeline import SubjectTimeline
    from db.people.subject_timelines import RecordQuestion
    from db.store import Store


class SubjectFormat(StrEnum):
    """How a subject's record can be given out."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    PARQUET = "parquet"
    PNG = "png"


def timeline(
    subject_id: Annotated[str, typer.Argument(metavar="SUBJECT", help="The subject's pseudonym.", show_default=False)],
    bin_text: Annotated[str, typer.Option("--bin", help="A part of an hour (0.1s, 5m, 1h), or 1d, 1w, 1mo.")] = "1d",
    zone: Annotated[str, typer.Option(metavar="NAME", help="Whose days: Europe/Berlin.")] = "UTC",
    condition: Annotated[str | None, typer.Option(metavar="NAME", help="Only sittings of this condition.")] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="DAY|TIME", help="Only bins that begin then or later.")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY|TIME", help="And before then.")] = None,
    min_readings: Annotated[int, typer.Option(min=1, help="A bin with fewer counted readings has no value.")] = 10,
    min_sessions: Annotated[int, typer.Option(min=1, help="Nor has one with fewer sessions.")] = 1,
    min_face: Annotated[float, typer.Option(metavar="PX", min=0, help="Count only faces at least so high.")] = 0.0,
    min_blur: Annotated[float, typer.Option(min=0, help="Count only faces at least so sharp (column blur).")] = 0.0,
    min_score: Annotated[float, typer.Option(min=0, max=1, help="Count only faces found at least so surely.")] = 0.0,
    baseline: Annotated[
        str | None, typer.Option(metavar="newest|N", help="Show changes from this baseline of the subject's own.")
    ] = None,
    form: Annotated[SubjectFormat, typer.Option("--format", help="How it is given out.")] = SubjectFormat.TABLE,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it here, a manifest beside it.")] = None,
    db: DbOption = None,
) -> None:
    """Show what a person's face appeared to show over days to months: means over sessions, how sure, how much was seen.

    A sitting weighs the same however long it was; intervals are 95 %, over sessions. Looking is logged.
    """
    width, in_zone = parse_width(bin_text), parse_zone(zone)
    from core.people.longitudinal import Enough
    from db.people import audit
    from db.people.subject_timelines import RecordQuestion, subject_timeline
    from db.people.subjects import get_subject
    from db.store import open_existing_store
    from db.timelines.rollups import FaceGate

    is_gated = bool(min_face or min_blur or min_score)
    asked = RecordQuestion(
        subject_id=subject_id,
        width=width,
        zone=in_zone,
        condition=condition,
        enough=Enough(min_readings=min_readings, min_sessions=min_sessions),
        gate=FaceGate(min_face_px=min_face, min_blur=min_blur, min_score=min_score) if is_gated else None,
        baseline=baseline,
        span=parse_range(since, until, in_zone),
    )
    store = open_existing_store(store_url(db))
    with store.reading() as connection:
        found = subject_timeline(connection, asked)
        key = get_subject(connection, subject_id).key
    with store.writing() as connection:
        viewed = {"bin": bin_text, "zone": zone, "format": form.value}
        audit.record(connection, audit.AuditAction.TIMELINE_VIEWED, actor=actor(), about=key, **viewed)
    if out is None and form is SubjectFormat.PNG:
        out = Path("subject.timeline.png")  # without the pseudonym: file names travel
    _give_out(found, form, out)
    if out is not None:
        _note(store, asked, form, out)
    store.close()


def _note(store: "Store", asked: "RecordQuestion", form: SubjectFormat, out: Path) -> None:
    """Write the manifest beside the file, and remember both: erasing the subject removes them."""
    from cli.rendering.manifests import write_manifest
    from core.exports.subject_rows import COLUMNS
    from db.archive.provenance import sources_of_subject
    from db.people.erasure import note_file

    with store.writing() as connection:
        sources = sources_of_subject(connection, asked.subject_id)
        beside = write_manifest(out, form=form.value, question=asked.document(), columns=COLUMNS, sources=sources)
        for written in (out, beside):
            note_file(connection, asked.subject_id, written)


def _give_out(found: "SubjectTimeline", form: SubjectFormat, out: Path | None) -> None:
    """Write the record to `out`; without it to standard output."""
    if form.value in set(TableForm):
        from core.exports.subject_rows import subject_table

        give_out_table(subject_table(found), TableForm(form), out)
        return
    if out is None:
        _write_text(found, form, sys.stdout)
        return
    try:
        if form is SubjectFormat.PNG:
            from cli.rendering.subject_png import write_subject_png

            write_subject_png(found, out)
        else:
            with out.open("w", encoding="utf-8", newline="") as file:
                _write_text(found, form, file)
    except OSError as error:
        raise EnvironmentFault(f"{out}: cannot be written ({error.strerror}); choose another place") from error
    typer.echo(f"wrote {out}", err=True)


def _write_text(found: "SubjectTimeline", form: SubjectFormat, file: TextIO) -> None:
    if form is SubjectFormat.JSON:
        from core.people.longitudinal_document import subject_timeline_document

        file.write(json.dumps(subject_timeline_document(found)) + "\n")
    else:
        from cli.rendering.subject_table import render_subject
        from cli.terminal import console_for

        console_for(file).print(render_subject(found))
