"""`moodline audit`: who did what to whom when, and whether the log is whole."""

import json
from typing import Annotated

import typer

from cli.options import DbOption, store_url
from core.errors import MoodlineError

app = typer.Typer(no_args_is_help=True, help="The audit log: show it, prove it whole.")


@app.callback()
def audit() -> None:
    """The audit log: show it, prove it whole."""


@app.command()
def show(
    db: DbOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object an entry.")] = False,
) -> None:
    """Show the log, oldest first. Subjects are named by their keys (`moodline subject show --json` tells whose)."""
    from db.people.audit import entries
    from db.store import open_existing_store

    with open_existing_store(store_url(db)).reading() as connection:
        for entry in entries(connection):
            if as_json:
                fields = {name: getattr(entry, name) for name in entry.__dataclass_fields__}
                typer.echo(json.dumps(fields | {"at": entry.at.isoformat()}))
            else:
                detail = ", ".join(f"{name}: {value}" for name, value in entry.detail.items() if value)
                what = f"{entry.actor}: {entry.action}" + (f" {entry.about}" if entry.about else "")
                typer.echo(f"{entry.number:>5}  {entry.at:%Y-%m-%d %H:%M:%S}  {what}  {detail}")


@app.command()
def verify(db: DbOption = None) -> None:
    """Check that no entry was changed, removed or inserted since it was written. Exit code 1: one was."""
    from db.people.audit import first_broken, newest
    from db.store import open_existing_store

    with open_existing_store(store_url(db)).reading() as connection:
        broken, last = first_broken(connection), newest(connection)
    if broken is not None:
        raise MoodlineError(f"the audit log was changed at entry {broken}, or an entry before it was removed")
    if last is None:
        typer.echo("the audit log is empty")
        return
    typer.echo(f"whole: {last.number + 1} entries")
    typer.echo(f"keep this elsewhere, to tell that none is cut off at the end: {last.digest}")
