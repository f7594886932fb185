"""Connections: an engine from a URL, and the two kinds of transaction, reading and writing.

Knows how to make SQLite safe for many processes; knows no table.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from core.errors import EnvironmentFault, InputError
from db.faults import named_faults

_BUSY_TIMEOUT_SECONDS: Final = 30
_BEGIN_OPTION: Final = "moodline_begin"
_EXAMPLE: Final = "write it like sqlite:///moodline.db or postgresql://user@host/name"

#: A server that is gone without a word is noticed: seconds to connect, milliseconds for sent data to be confirmed.
_POSTGRESQL_PATIENCE: Final = {"connect_timeout": 10, "tcp_user_timeout": 30_000}

#: The schemes of a store URL, and the driver that each is opened with.
_DRIVER_OF_SCHEME: Final = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def parse_url(text: str) -> URL:
    """Return the URL of a store, or raise InputError that says how to write one."""
    try:
        url = make_url(text)
    except ArgumentError as err:
        raise InputError(f"not a store URL: {_without_password(text)!r}; {_EXAMPLE}") from err
    driver = _DRIVER_OF_SCHEME.get(url.drivername)
    if driver is None:
        raise InputError(f"unknown kind of store {url.drivername!r}; {_EXAMPLE}")
    if driver.startswith("sqlite") and url.database in (None, "", ":memory:"):
        raise InputError("a store must be a file, so that a run can be resumed: sqlite:///moodline.db")
    return url.set(drivername=driver)


def connect(url: URL) -> Engine:
    """Return an engine. Opens no connection yet."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": _BUSY_TIMEOUT_SECONDS})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        return create_engine(url, pool_pre_ping=True, connect_args=_POSTGRESQL_PATIENCE)
    except ModuleNotFoundError as err:
        raise EnvironmentFault(f"PostgreSQL needs the package {err.name}: pip install 'psycopg[binary]'") from err


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that only reads: it sees one state of the store, and blocks no writer on SQLite."""
    with named_faults(engine.url), _for_reading(engine).begin() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that writes: it commits at the end, or rolls back on an error. SQLite has one at a time."""
    immediate = engine.execution_options(**{_BEGIN_OPTION: "BEGIN IMMEDIATE"})
    with named_faults(engine.url), immediate.begin() as connection:
        yield connection


def _for_reading(engine: Engine) -> Engine:
    if engine.dialect.name == "sqlite":
        return engine
    # PostgreSQL's own default shows another state at every statement.
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _prepare_sqlite(dbapi_connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    assert isinstance(dbapi_connection, sqlite3.Connection)
    dbapi_connection.isolation_level = None  # the sqlite3 module begins no transaction: _begin_sqlite does
    _switch_to_wal(dbapi_connection)
    dbapi_connection.execute("PRAGMA foreign_keys=ON")
    # FULL, not NORMAL: a commit survives a power cut. One fsync for each chunk of 10-30 s of work is not felt.
    dbapi_connection.execute("PRAGMA synchronous=FULL")


def _switch_to_wal(dbapi_connection: sqlite3.Connection) -> None:
    """Make readers and the writer not wait for each other. The file keeps the mode: only a new one is switched."""
    deadline = time.monotonic() + _BUSY_TIMEOUT_SECONDS
    while dbapi_connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        try:
            dbapi_connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as err:
            # The busy timeout does not apply to this switch: two processes that open a new store at once get here.
            if err.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    # Left to itself, the sqlite3 module begins at the first write, after the reads that decided it: 705 of 1,000
    # concurrent updates were lost, with no error. IMMEDIATE takes the write lock at once: a deferred transaction that
    # reads first fails with "database is locked" when another wrote in between, and no timeout applies.
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN_OPTION, "BEGIN"))


def _without_password(text: str) -> str:
    return text.rsplit("@", maxsplit=1)[-1]
