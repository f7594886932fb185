"""Rewriting a store's files, so that what was deleted is not in them any more."""

import sqlite3

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from core.errors import StoreUnavailable
from db import (
    row_tables,  # noqa: F401 - their tables are compacted too
    subject_tables,  # noqa: F401 - their tables are compacted too
    track_tables,  # noqa: F401 - their tables are compacted too
)
from db.store import Store
from db.tables import Table


def compact(store: Store) -> None:
    """Rewrite every table. Nobody else may be at work: raises StoreUnavailable where somebody is.

    On PostgreSQL the server's write-ahead log and its archives still hold what was deleted, until it recycles them.
    """
    try:
        if store.engine.dialect.name == "postgresql":
            _compact_postgresql(store)
        else:
            _compact_sqlite(store)
    except OperationalError as error:
        raise StoreUnavailable(
            "the store is in use, and was not compacted: what was deleted may still be in its files; "
            "run `moodline db compact` when nobody works with it"
        ) from error


def _compact_postgresql(store: Store) -> None:
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET lock_timeout = '10s'"))
        for table in Table.metadata.sorted_tables:
            connection.execute(text(f'VACUUM FULL "{table.name}"'))


def _compact_sqlite(store: Store) -> None:
    raw = store.engine.raw_connection()  # VACUUM must not run inside the transaction that a Connection begins
    try:
        cursor = raw.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.close()
    except sqlite3.OperationalError as error:
        raise OperationalError("VACUUM", None, error) from error
    finally:
        raw.close()
