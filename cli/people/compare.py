"""`moodline subject compare`: two conditions of one person side by side."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.options import DbOption, store_url
from cli.people.subject_options import actor
from core.documents import NOTICE
from core.errors import InputError

if TYPE_CHECKING:
    from core.people.contrast import Contrast


def compare(
    subject_id: Annotated[str, typer.Argument(metavar="SUBJECT", help="The subject's pseudonym.", show_default=False)],
    first: Annotated[str, typer.Argument(metavar="CONDITION", help="To compare with.", show_default=False)],
    second: Annotated[str, typer.Argument(metavar="CONDITION", help="What is compared with it.", show_default=False)],
    db: DbOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say how far the sittings of two conditions of a person are apart, measure by measure, and how sure that is.

    Means over sessions, Welch's 95 % interval of their difference, Hedges' g. Looking is logged.
    """
    from core.people.contrast import contrast, session_values
    from core.people.longitudinal import MEASURES
    from db.people import audit
    from db.people.longitudinal import subject_record
    from db.people.subjects import get_subject
    from db.store import open_existing_store

    store = open_existing_store(store_url(db))
    with store.reading() as connection:
        record = subject_record(connection, subject_id)
        key = get_subject(connection, subject_id).key
    known = sorted({each.condition for each in record.bins if each.condition})
    for condition in (first, second):
        if condition not in known:
            there = ", ".join(known) or "none"
            raise InputError(f"no sitting of {subject_id} has the condition {condition}; there are: {there}")
    with store.writing() as connection:
        audit.record(connection, audit.AuditAction.TIMELINE_VIEWED, actor=actor(), about=key, compared="conditions")
    store.close()
    sides = session_values(record.bins, first), session_values(record.bins, second)
    found = {name: contrast(sides[0][name], sides[1][name]) for name in MEASURES}
    if as_json:
        typer.echo(json.dumps(_document(subject_id, first, second, found)))
    else:
        _print(subject_id, first, second, found)


def _print(subject_id: str, first: str, second: str, found: dict[str, "Contrast | None"]) -> None:
    from rich.text import Text

    from cli.rendering.contrast import contrast_rows
    from cli.terminal import console_for

    console = console_for(sys.stdout)
    console.print(Text(f"{subject_id}: what the face appeared to show, {second} less {first}", style="bold"))
    console.print(contrast_rows(found, first=first, second=second, unit="sessions"))
    told = f"{len(found)} measures are looked at: one interval in twenty leaves out zero by chance alone."
    console.print(Text(f"Bold: the interval leaves out zero. {told}", style="dim"))
    console.print(Text(NOTICE, style="dim italic"))


def _document(subject_id: str, first: str, second: str, found: dict[str, "Contrast | None"]) -> dict[str, Any]:
    from cli.rendering.contrast import contrast_document

    return {
        "subject_id": subject_id,
        "first": first,
        "second": second,
        "unit_of_sampling": "session",
        "notice": NOTICE,
        "contrasts": {name: contrast_document(each, unit="sessions") for name, each in found.items()},
    }
