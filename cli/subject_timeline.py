"""`moodline subject timeline`: one person's record over days to months."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO

import typer

from cli.options import DbOption, store_url
from cli.own_baseline import own_baseline
from cli.render_subject import render_subject
from cli.render_subject_csv import write_subject_csv
from cli.subject_options import actor
from cli.terminal import console_for
from core.calendar_bins import parse_width, parse_zone
from core.errors import EnvironmentFault, InputError
from core.longitudinal import Enough, SubjectTimeline, points_of
from core.longitudinal_document import subject_timeline_document


class SubjectFormat(StrEnum):
    """How a subject's record can be given out."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PNG = "png"


def timeline(
    subject_id: Annotated[str, typer.Argument(metavar="SUBJECT", help="The subject's pseudonym.", show_default=False)],
    bin_text: Annotated[str, typer.Option("--bin", help="A part of an hour (1s, 5m, 1h), or 1d, 1w, 1mo.")] = "1d",
    zone: Annotated[str, typer.Option(metavar="NAME", help="Whose days: Europe/Berlin.")] = "UTC",
    condition: Annotated[str | None, typer.Option(metavar="NAME", help="Only sittings of this condition.")] = None,
    min_readings: Annotated[int, typer.Option(min=1, help="A bin with fewer counted readings has no value.")] = 10,
    min_sessions: Annotated[int, typer.Option(min=1, help="Nor has one with fewer sessions.")] = 1,
    min_face: Annotated[float, typer.Option(metavar="PX", min=0, help="Count only faces at least so high.")] = 0.0,
    min_blur: Annotated[float, typer.Option(min=0, help="Count only faces at least so sharp (column blur).")] = 0.0,
    min_score: Annotated[float, typer.Option(min=0, max=1, help="Count only faces found at least so surely.")] = 0.0,
    baseline: Annotated[
        str | None, typer.Option(metavar="newest|N", help="Show changes from this baseline of the subject's own.")
    ] = None,
    form: Annotated[SubjectFormat, typer.Option("--format", help="How it is given out.")] = SubjectFormat.TABLE,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it to this file.")] = None,
    db: DbOption = None,
) -> None:
    """Show what a person's face appeared to show over days to months: means over sessions, how sure, how much was seen.

    A sitting weighs the same however long it was; intervals are 95 %, over sessions. Looking is logged.
    """
    width, in_zone = parse_width(bin_text), parse_zone(zone)
    from db import audit
    from db.erasure import note_file
    from db.longitudinal import subject_record
    from db.rollups import FaceGate
    from db.store import open_existing_store
    from db.subjects import get_subject

    is_gated = bool(min_face or min_blur or min_score)
    gate = FaceGate(min_face_px=min_face, min_blur=min_blur, min_score=min_score) if is_gated else None
    store = open_existing_store(store_url(db))
    with store.reading() as connection:
        record = subject_record(connection, subject_id, bin_us=width.source_us, gate=gate)
        key = get_subject(connection, subject_id).key
    own = None if baseline is None else own_baseline(store, subject_id, baseline, record.model_versions)
    bins = [each for each in record.bins if condition in (None, each.condition)]
    if condition is not None and not bins:
        known = sorted({each.condition for each in record.bins if each.condition}) or ["none"]
        raise InputError(f"--condition {condition}: no sitting of {subject_id} has it; there are: {', '.join(known)}")
    enough = Enough(min_readings=min_readings, min_sessions=min_sessions)
    found = SubjectTimeline(
        subject_id=subject_id,
        width=width,
        zone=in_zone,
        enough=enough,
        points=points_of(bins, width=width, zone=in_zone, enough=enough),
        model_versions=record.model_versions,
        left_out=record.left_out,
        baseline=own,
    )
    with store.writing() as connection:
        viewed = {"bin": bin_text, "zone": zone, "format": form.value}
        audit.record(connection, audit.AuditAction.TIMELINE_VIEWED, actor=actor(), about=key, **viewed)
    written = _give_out(found, form, out)
    if written is not None:
        with store.writing() as connection:
            note_file(connection, subject_id, written)
    store.close()


def _give_out(found: SubjectTimeline, form: SubjectFormat, out: Path | None) -> Path | None:
    """Write the record to `out`, and return that; without it to standard output, pictures to the current folder."""
    if out is None and form is SubjectFormat.PNG:
        out = Path("subject.timeline.png")  # without the pseudonym: file names travel
    if out is None:
        _write_text(found, form, sys.stdout)
        return None
    try:
        if form is SubjectFormat.PNG:
            from cli.render_subject_png import write_subject_png

            write_subject_png(found, out)
        else:
            with out.open("w", encoding="utf-8", newline="") as file:
                _write_text(found, form, file)
    except OSError as error:
        raise EnvironmentFault(f"{out}: cannot be written ({error.strerror}); choose another place") from error
    typer.echo(f"wrote {out}", err=True)
    return out


def _write_text(found: SubjectTimeline, form: SubjectFormat, file: TextIO) -> None:
    if form is SubjectFormat.JSON:
        file.write(json.dumps(subject_timeline_document(found)) + "\n")
    elif form is SubjectFormat.CSV:
        write_subject_csv(found, file)
    else:
        console_for(file).print(render_subject(found))
