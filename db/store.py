"""A store: an open database whose tables fit this code. What cli, producer and worker hold, instead of an engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, Engine

from core.errors import EnvironmentFault, InputError
from db.schema import SchemaState, schema_state, upgrade
from db.session import connect, parse_url, reading, writing


@dataclass(frozen=True, kw_only=True)
class Store:
    """An open database. Threads may share it; a forked process must open its own."""

    engine: Engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that only reads."""
        with reading(self.engine) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that writes; it commits at the end, or rolls back on an error."""
        with writing(self.engine) as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_store(url: str) -> Store:
    """Open a store; an SQLite file that does not exist yet, or is empty, becomes one."""
    engine = connect(parse_url(url))
    state = schema_state(engine)
    if state is SchemaState.EMPTY and engine.dialect.name == "sqlite":
        upgrade(engine)
        state = schema_state(engine)
    _check(state, engine.url)
    return Store(engine=engine)


def open_existing_store(url: str) -> Store:
    """Open a store to read what it holds; a mistyped path is an error, not a new and empty store."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
        raise InputError(
            f"there is no store at {parsed.database}: nothing was analysed into it yet, or --db is mistyped"
        )
    return open_store(url)


def upgrade_store(url: str) -> SchemaState:
    """Bring a store's tables up to date; return how they were before."""
    engine = connect(parse_url(url))
    before = schema_state(engine)
    if before in (SchemaState.EMPTY, SchemaState.OLDER):
        upgrade(engine)
    else:
        _check(before, engine.url)
    engine.dispose()
    return before


def _check(state: SchemaState, url: URL) -> None:
    shown = url.render_as_string(hide_password=True)
    if state in (SchemaState.EMPTY, SchemaState.OLDER):
        # a server's password would be hidden, and so missing from the command
        named = f" --db {shown}" if url.get_backend_name() == "sqlite" else ""
        raise EnvironmentFault(f"store {shown} has {state} tables: run `moodline db upgrade{named}`")
    if state is SchemaState.NEWER:
        raise EnvironmentFault(
            f"store {shown} was made by a newer Moodline: install that version, or choose another --db"
        )
    if state is SchemaState.FOREIGN:
        raise EnvironmentFault(f"store {shown} holds tables of another program: choose another --db")
