"""`moodline retention`: remove what has been kept for as long as its study said."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from cli.options import DbOption, store_url
from cli.people.subject_options import actor, parse_day
from core.errors import InputError
from core.wording import counted


def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what is due.")] = False,
    as_of: Annotated[
        datetime | None, typer.Option(metavar="DAY", parser=parse_day, help="With --dry-run: what is due then.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    db: DbOption = None,
) -> None:
    """Remove the rows of media whose study's term is over, all generations of them. Studies on hold keep theirs."""
    from api.removal import remove_outside
    from cli.people.removal import outside_store
    from db.compaction import compact
    from db.people.retention import due_media, remove_due, stop_work
    from db.store import open_existing_store

    if as_of is not None and not dry_run:
        raise InputError("--as-of: is for --dry-run; what is removed is what is due now")
    now = as_of or datetime.now(UTC)
    store = open_existing_store(store_url(db))
    with store.reading() as connection:
        due = due_media(connection, now)
    for each in due:
        typer.echo(f"{each.media_id}  recorded {each.recorded_at:%Y-%m-%d}, due {each.due_at:%Y-%m-%d}  {each.path}")
    if dry_run or not due:
        typer.echo(f"{len(due)} media due" + (", nothing removed" if due else ""))
        return
    if not yes:
        typer.confirm(f"Remove the rows of these {len(due)} media for good?", abort=True)
    with store.writing() as connection:
        stop_work(connection, due)  # first: a commit that is under way must not come after
    with store.writing() as connection:
        removed = remove_due(connection, due, actor=actor())
        # before the commit: stopped half-way, the store still knows what is left
        elsewhere = remove_outside(removed, outside_store(), media_paths=removed.paths, files=())
    compact(store)
    store.close()
    typer.echo(f"removed {len(due)} media, {counted(sum(removed.num_rows_by_table.values()), 'row')}")
    for problem in elsewhere.left:
        typer.echo(f"left: {problem}", err=True)
    for path in elsewhere.originals:
        typer.echo(f"still there, and yours to keep or remove: {path}", err=True)
