"""`moodline study`: why people are filmed, who answers for it, and what exposed people are told."""

import json
import sys
from typing import Annotated

import typer

from cli.options import DbOption, store_url
from cli.people.subject_options import actor
from core.errors import InputError
from core.people.studies import Exemption, Purpose

app = typer.Typer(no_args_is_help=True, help="Studies: purpose, controller, notice, legal holds; groups compared.")

StudyArgument = Annotated[str, typer.Argument(metavar="STUDY", help="The study's id.")]


@app.callback()
def study() -> None:
    """Studies: purpose, controller, notice, legal holds; groups compared."""


@app.command()
def add(
    study_id: Annotated[str, typer.Argument(metavar="STUDY", help="A short name for it.", show_default=False)],
    purpose: Annotated[Purpose, typer.Option(help="What it is done for.", show_default=False)],
    controller: Annotated[str, typer.Option(metavar="NAME", help="Who answers for the data.", show_default=False)],
    contact: Annotated[str, typer.Option(metavar="TEXT", help="Where exposed people can ask.", show_default=False)],
    exemption: Annotated[Exemption | None, typer.Option(help="At work or in education: what permits it.")] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="The medical or safety reason, in words.")] = None,
    retention_days: Annotated[
        int | None, typer.Option(metavar="N", help="Rows are due for removal N days after recording.")
    ] = None,
    db: DbOption = None,
) -> None:
    """Add a study. Workplace and education are refused without a medical or safety reason; the refusal is logged."""
    from core.people.studies import Study, check_study
    from db.people.studies import add_study, record_refusal
    from db.store import open_store

    asked = Study(
        id=study_id,
        purpose=purpose,
        controller=controller,
        contact=contact,
        exemption=exemption,
        reason=reason,
        retention_days=retention_days,
    )
    store = open_store(store_url(db))
    try:
        check_study(asked)
    except InputError as error:
        with store.writing() as connection:
            record_refusal(connection, asked, actor=actor(), why=str(error))
        raise
    with store.writing() as connection:
        add_study(connection, asked, actor=actor())
    typer.echo(f"study {study_id} is there; `moodline study notice {study_id}` prints what exposed people must be told")


@app.command("list")
def list_all(
    db: DbOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a study.")] = False,
) -> None:
    """List the studies."""
    from dataclasses import asdict

    from rich.table import Table

    from cli.terminal import console_for
    from db.people.studies import list_studies
    from db.store import open_existing_store

    with open_existing_store(store_url(db)).reading() as connection:
        studies = list_studies(connection)
    if as_json:
        for each in studies:
            typer.echo(json.dumps(asdict(each)))
        return
    table = Table("study", "purpose", "controller", "contact", "kept", box=None, pad_edge=False, header_style="bold")
    for each in studies:
        kept = "no term" if each.retention_days is None else f"{each.retention_days} days"
        kept += ", held" if each.is_held else ""
        table.add_row(each.id, each.purpose.value, each.controller, each.contact, kept)
    console_for(sys.stdout).print(table if studies else "no study yet; `moodline study add` makes one")


@app.command()
def notice(study_id: StudyArgument, db: DbOption = None) -> None:
    """Print the notice for people who are exposed to the analysis, as Markdown."""
    from core.people.exposure_notice import exposure_notice
    from db.people.studies import get_study
    from db.store import open_existing_store

    with open_existing_store(store_url(db)).reading() as connection:
        typer.echo(exposure_notice(get_study(connection, study_id)), nl=False)


@app.command()
def hold(study_id: StudyArgument, db: DbOption = None) -> None:
    """Put a study under a legal hold: no term removes anything of it until `moodline study release`."""
    _set_hold(study_id, db, is_held=True)
    typer.echo(f"study {study_id}: held; `moodline study release {study_id}` ends that")


@app.command()
def release(study_id: StudyArgument, db: DbOption = None) -> None:
    """End a study's legal hold."""
    _set_hold(study_id, db, is_held=False)
    typer.echo(f"study {study_id}: not held; its term counts again")


def _set_hold(study_id: str, db: str | None, *, is_held: bool) -> None:
    from db.people.studies import hold_study
    from db.store import open_existing_store

    with open_existing_store(store_url(db)).writing() as connection:
        hold_study(connection, study_id, is_held=is_held, actor=actor())
