"""What a database says when the machine or the call is in the way, turned into one line that a user can act on."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, OperationalError

from core.errors import EnvironmentFault, InputError, MoodlineError, StoreUnavailable

#: These may be over the next time that it is tried.
_REMEDY_OF_PASSING_FAULT: Final = {
    sqlite3.SQLITE_FULL: "the disk is full; free some space and run the same command again: what was stored is kept",
    sqlite3.SQLITE_IOERR: (
        "reading or writing failed (disk I/O error); is the disk full or failing? What was stored is kept"
    ),
    sqlite3.SQLITE_BUSY: "another program has kept the store locked for 30 seconds; end it and run the command again",
}

#: These mean that the store was named wrongly, or that the caller may not use it.
_REMEDY_OF_WRONG_STORE: Final = {
    sqlite3.SQLITE_CANTOPEN: "cannot open the file; does its directory exist, and may you write there?",
    sqlite3.SQLITE_NOTADB: "the file is not a Moodline store; choose another with --db",
    sqlite3.SQLITE_READONLY: "the file or its directory cannot be written; check its permissions",
    sqlite3.SQLITE_PERM: "the file cannot be accessed; check its permissions",
}

#: PostgreSQL's codes for a transaction that had to give way to another: it was rolled back whole.
_MET_ANOTHER: Final = frozenset({"40001", "40P01"})  # serialization_failure, deadlock_detected


@contextmanager
def named_faults(url: URL) -> Iterator[None]:
    """Raise EnvironmentFault or InputError in place of a database error that the user, not the code, can mend."""
    try:
        yield
    except DBAPIError as err:
        fault = _named(err, f"store {url.render_as_string(hide_password=True)}")
        if fault is None:
            raise
        raise fault from err


def _named(err: DBAPIError, store: str) -> MoodlineError | None:
    if isinstance(err.orig, sqlite3.Error):
        code: int = getattr(err.orig, "sqlite_errorcode", 0)  # absent from errors that the Python module raises itself
        primary = code & 0xFF
        if primary in _REMEDY_OF_WRONG_STORE:
            return InputError(f"{store}: {_REMEDY_OF_WRONG_STORE[primary]}")
        if primary == sqlite3.SQLITE_CORRUPT:
            return EnvironmentFault(f"{store}: the file is damaged; restore a backup or choose another with --db")
        remedy = _REMEDY_OF_PASSING_FAULT.get(primary)
        return StoreUnavailable(f"{store}: {remedy}") if remedy else None
    if getattr(err.orig, "sqlstate", None) in _MET_ANOTHER:
        return StoreUnavailable(f"{store}: two transactions were in each other's way; run the same command again")
    if isinstance(err, OperationalError):
        lines = str(err.orig).strip().splitlines() or ["no reason given"]
        return StoreUnavailable(
            f"{store}: cannot reach the server ({lines[0]}); is it running, and are the address and password right?"
        )
    return None
