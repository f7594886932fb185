"""`moodline subject changes`: did a person's expression record change, when, by how much, how sure."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from cli.options import DbOption, store_url
from cli.people.subject_options import actor
from cli.rendering.manifests import write_manifest
from core.calendar_bins import parse_zone
from core.errors import EnvironmentFault, InputError


def changes(
    subject_id: Annotated[str, typer.Argument(metavar="SUBJECT", help="The subject's pseudonym.", show_default=False)],
    measures: Annotated[
        list[str] | None,
        typer.Option("--measure", metavar="NAME", help="Look at this one only; may be repeated. Default: all eight."),
    ] = None,
    baseline: Annotated[
        str | None, typer.Option(metavar="newest|N", help="Also ask whether sessions left this baseline.")
    ] = None,
    condition: Annotated[str | None, typer.Option(metavar="NAME", help="Only sittings of this condition.")] = None,
    alpha: Annotated[float, typer.Option(help="Chance of any false finding in a record without change.")] = 0.05,
    num_shuffles: Annotated[
        int, typer.Option("--shuffles", metavar="N", help="Shuffled records to compare with.")
    ] = 1999,
    seed: Annotated[int, typer.Option(min=0, help="Of the shuffles: the same one, the same answer.")] = 0,
    together: Annotated[
        int,
        typer.Option(min=1, metavar="N", help="Shuffle N sessions in a row together: neighbours resemble each other."),
    ] = 1,
    min_readings: Annotated[int, typer.Option(min=1, help="A session with fewer counted readings has no value.")] = 10,
    zone: Annotated[str, typer.Option(metavar="NAME", help="Whose days: Europe/Berlin.")] = "UTC",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE.png", help="Draw it into this file.")] = None,
    db: DbOption = None,
) -> None:
    """Look for change in a person's record: trends, level shifts, distance from the baseline; sessions are the unit.

    What is told is told with the chance that a record without change looks like it. Looking is logged.
    """
    from core.change.document import changes_document
    from core.change.search import Search, find_changes
    from core.people.longitudinal import MEASURES
    from core.people.session_series import series_of
    from db.archive.provenance import sources_of_subject
    from db.people import audit
    from db.people.erasure import note_file
    from db.people.longitudinal import subject_record
    from db.people.subject_timelines import of_condition, own_baseline, refuse_several_models
    from db.people.subjects import get_subject
    from db.store import open_existing_store

    search = Search(
        measures=tuple(dict.fromkeys(measures or MEASURES)),
        alpha=alpha,
        num_shuffles=num_shuffles,
        seed=seed,
        num_together=together,
    )
    in_zone = parse_zone(zone)
    if out is not None and out.suffix.lower() != ".png":
        raise InputError(f"--out {out}: is a picture, name it something.png; --json prints the figures")
    store = open_existing_store(store_url(db))
    with store.reading() as connection:
        record = subject_record(connection, subject_id)
        key = get_subject(connection, subject_id).key
        bins = of_condition(record, subject_id, condition)
        own = None if baseline is None else own_baseline(connection, subject_id, baseline, record)
    refuse_several_models(subject_id, record)
    found = find_changes(series_of(bins, min_readings=min_readings), search, baseline=own)
    with store.writing() as connection:
        audit.record(connection, audit.AuditAction.TIMELINE_VIEWED, actor=actor(), about=key, looked_for="changes")
    if as_json:
        typer.echo(json.dumps(changes_document(found, subject_id=subject_id, zone_name=zone)))
    else:
        from cli.rendering.changes import render_changes
        from cli.terminal import console_for

        console_for(sys.stdout).print(render_changes(found, subject_id=subject_id, zone=in_zone))
    if out is not None:
        from cli.rendering.changes_png import write_changes_png

        try:
            write_changes_png(found, out, subject_id=subject_id, zone=in_zone)
        except OSError as error:
            raise EnvironmentFault(f"{out}: cannot be written ({error.strerror}); choose another place") from error
        question = {
            "subject_id": subject_id,
            "condition": condition,
            "baseline": baseline,
            "min_readings": min_readings,
        }
        with store.writing() as connection:
            beside = write_manifest(
                out,
                form="png",
                question=question | asdict(search),
                columns=(),
                sources=sources_of_subject(connection, subject_id),
            )
            for written in (out, beside):
                note_file(connection, subject_id, written)
        typer.echo(f"wrote {out}", err=True)
    store.close()
