"""`moodline subject report`: a person's record as a page to read, print and hand on."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import DbOption, store_url
from cli.people.subject_options import actor
from cli.rendering.manifests import shown_command
from core.calendar_bins import parse_width, parse_zone
from core.errors import EnvironmentFault

if TYPE_CHECKING:
    from core.change.search import Changes
    from core.people.baseline import Baseline
    from db.people.longitudinal import SubjectRecord


def report(
    subject_id: Annotated[str, typer.Argument(metavar="SUBJECT", help="The subject's pseudonym.", show_default=False)],
    out: Annotated[Path, typer.Option(metavar="FILE.html", help="The page.")] = Path("subject.report.html"),
    bin_text: Annotated[str, typer.Option("--bin", help="A part of an hour (1s, 5m, 1h), or 1d, 1w, 1mo.")] = "1w",
    zone: Annotated[str, typer.Option(metavar="NAME", help="Whose days: Europe/Berlin.")] = "UTC",
    min_readings: Annotated[int, typer.Option(min=1, help="A bin with fewer counted readings has no value.")] = 10,
    min_sessions: Annotated[int, typer.Option(min=1, help="Nor has one with fewer sessions.")] = 1,
    baseline: Annotated[
        str | None, typer.Option(metavar="newest|N", help="Show this baseline of the subject's own.")
    ] = None,
    db: DbOption = None,
) -> None:
    """Write a report of a person: timeline, coverage, baseline, conditions, sessions, methods, limits. One HTML file.

    It opens without a network and prints to PDF from any browser. Looking is logged; erasing the subject removes it.
    """
    from cli.rendering.subject_report import SubjectReport, report_page
    from core.people.longitudinal import Enough
    from core.people.sittings import sittings_of
    from db.archive.provenance import sources_of_subject
    from db.people import audit
    from db.people.erasure import note_file
    from db.people.longitudinal import subject_record
    from db.people.studies import get_study
    from db.people.subject_timelines import RecordQuestion, subject_timeline
    from db.people.subjects import get_subject
    from db.store import open_existing_store

    asked = RecordQuestion(
        subject_id=subject_id,
        width=parse_width(bin_text),
        zone=parse_zone(zone),
        enough=Enough(min_readings=min_readings, min_sessions=min_sessions),
        baseline=baseline,
    )
    store = open_existing_store(store_url(db))
    with store.reading() as connection:
        found = subject_timeline(connection, asked)
        record = subject_record(connection, subject_id)
        subject = get_subject(connection, subject_id)
        page = report_page(
            SubjectReport(
                record=found,
                sittings=sittings_of(record.bins, zone=asked.zone, enough=asked.enough),
                bins=record.bins,
                changes=_changes(record, found.baseline, min_readings=min_readings),
                study=get_study(connection, subject.study_id),
                sources=tuple(sources_of_subject(connection, subject_id)),
                question=asked.document(),
                command=" ".join(shown_command(sys.argv[1:])),
                written_at=datetime.now(UTC),
            )
        )
    try:
        out.write_text(page, encoding="utf-8")
    except OSError as error:
        raise EnvironmentFault(f"{out}: cannot be written ({error.strerror}); choose another place") from error
    with store.writing() as connection:
        audit.record(connection, audit.AuditAction.TIMELINE_VIEWED, actor=actor(), about=subject.key, format="report")
        note_file(connection, subject_id, out)
    store.close()
    typer.echo(f"wrote {out}", err=True)


def _changes(record: "SubjectRecord", baseline: "Baseline | None", *, min_readings: int) -> "Changes | None":
    """Search the record as `subject changes` does by default; None: it is of several models."""
    from core.change.search import Search, find_changes
    from core.people.session_series import series_of

    if len(record.model_versions) > 1:
        return None
    return find_changes(series_of(record.bins, min_readings=min_readings), Search(), baseline=baseline)
