"""`moodline study compare`: two groups of a study side by side."""

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
    study_id: Annotated[str, typer.Argument(metavar="STUDY", help="The study's id.", show_default=False)],
    first: Annotated[str, typer.Argument(metavar="GROUP", help="To compare with.", show_default=False)],
    second: Annotated[str, typer.Argument(metavar="GROUP", help="What is compared with it.", show_default=False)],
    condition: Annotated[str | None, typer.Option(metavar="NAME", help="Only sittings of this condition.")] = None,
    min_readings: Annotated[int, typer.Option(min=1, help="A session with fewer counted readings has no value.")] = 10,
    db: DbOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say how far two groups of a study are apart, measure by measure, and how sure that is.

    A person is one value, the mean of its sessions. Welch's 95 % interval, Hedges' g. Groups of fewer than 20 people
    are suppressed. Groups are what the study said, never inferred. Looking is logged.
    """
    from core.people.groups import compare_groups, person_values
    from db.people import audit
    from db.people.longitudinal import subject_record
    from db.people.studies import get_study
    from db.people.subjects import list_subjects
    from db.store import open_existing_store

    if first == second:
        raise InputError(f"group {first}: is named twice; compare it with another")
    store = open_existing_store(store_url(db))
    values: dict[str, list[tuple[float, ...]]] = {first: [], second: []}
    versions: set[str] = set()
    with store.reading() as connection:
        get_study(connection, study_id)
        subjects = list_subjects(connection, study_id=study_id)
        known = sorted({each.group for each in subjects if each.group}) or ["none"]
        for group in (first, second):
            if group not in known:
                raise InputError(f"study {study_id}: no subject is in group {group}; there are: {', '.join(known)}")
        for each in subjects:
            if each.group in (first, second):
                record = subject_record(connection, each.id)
                of_person = person_values(record.bins, condition=condition, min_readings=min_readings)
                versions.update(record.model_versions)
                values[each.group].extend([of_person] if of_person else [])
    if len(versions) > 1:
        raise InputError(
            f"study {study_id}: rows are of several models ({', '.join(sorted(versions))}), which differ by more than "
            "groups do: `moodline reprocess` makes them of one"
        )
    with store.writing() as connection:
        audit.record(connection, audit.AuditAction.GROUPS_COMPARED, actor=actor(), about=study_id)
    store.close()
    found = compare_groups(values[first], values[second])
    if as_json:
        asked = {"study_id": study_id, "first": first, "second": second, "condition": condition}
        typer.echo(json.dumps(asked | _document(found)))
    else:
        _print(study_id, first, second, found)


def _print(study_id: str, first: str, second: str, found: "dict[str, Contrast] | None") -> None:
    from rich.text import Text

    from cli.rendering.contrast import contrast_rows
    from cli.terminal import console_for
    from core.people.groups import LEAST_PEOPLE

    console = console_for(sys.stdout)
    console.print(Text(f"{study_id}: what faces appeared to show, {second} less {first}", style="bold"))
    if found is None:
        console.print(f"suppressed: fewer than {LEAST_PEOPLE} people")
        console.print(Text(NOTICE, style="dim italic"))
        return
    console.print(contrast_rows(found, first=first, second=second, unit="people"))
    told = f"{len(found)} measures are looked at: one interval in twenty leaves out zero by chance alone."
    console.print(Text(f"Bold: the interval leaves out zero. A person is one value. {told}", style="dim"))
    doubt = "The model may read the faces of one group worse than of the other: `moodline study errors` measures that."
    console.print(Text(doubt, style="yellow"))
    console.print(Text(NOTICE, style="dim italic"))


def _document(found: "dict[str, Contrast] | None") -> dict[str, Any]:
    from cli.rendering.contrast import contrast_document
    from core.people.groups import LEAST_PEOPLE
    from core.people.longitudinal import MEASURES

    return {
        "status": "suppressed" if found is None else "ok",
        "least_people": LEAST_PEOPLE,
        "unit_of_sampling": "person",
        "notice": NOTICE,
        "contrasts": {
            name: None if found is None else contrast_document(found[name], unit="people") for name in MEASURES
        },
    }
