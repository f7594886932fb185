"""`moodline db`: look after the store's tables."""

import typer

from cli.options import DbOption, store_url

app = typer.Typer(no_args_is_help=True, help="Look after the store's tables.")


@app.callback()
def db() -> None:
    """Look after the store's tables."""


@app.command()
def upgrade(db: DbOption = None) -> None:
    """Bring the store's tables up to this version; rows are kept."""
    from db.store import upgrade_store

    url = store_url(db)
    before = upgrade_store(url)
    typer.echo(f"tables were {before}; they fit this version now")


@app.command()
def compact(db: DbOption = None) -> None:
    """Rewrite the store's files, so that deleted rows are not in them any more. Nobody else may be at work."""
    from db.compaction import compact as rewrite
    from db.store import open_existing_store

    store = open_existing_store(store_url(db))
    rewrite(store)
    store.close()
    typer.echo("the store's files were rewritten")
