"""What a database says when the machine is in the way, turned into one line that a user can act on."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, OperationalError

from core.errors import EnvironmentFault

_REMEDY_OF_SQLITE_CODE: Final = {
    sqlite3.SQLITE_FULL: "the disk is full; free some space and run the same command again: what was stored is kept",
    sqlite3.SQLITE_IOERR: (
        "reading or writing failed (disk I/O error); is the disk full or failing? What was stored is kept"
    ),
    sqlite3.SQLITE_CANTOPEN: "cannot open the file; does its directory exist, and may you write there?",
    sqlite3.SQLITE_NOTADB: "the file is not a Moodline store; choose another with --db",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; restore a backup or choose another with --db",
    sqlite3.SQLITE_READONLY: "the file or its directory cannot be written; check its permissions",
    sqlite3.SQLITE_PERM: "the file cannot be accessed; check its permissions",
    sqlite3.SQLITE_BUSY: "another program has kept the store locked for 30 seconds; end it and run the command again",
}


@contextmanager
def environment_faults(url: URL) -> Iterator[None]:
    """Raise EnvironmentFault in place of a database error that the user, not the code, can mend."""
    try:
        yield
    except DBAPIError as err:
        remedy = _remedy(err)
        if remedy is None:
            raise
        raise EnvironmentFault(f"store {url.render_as_string(hide_password=True)}: {remedy}") from err


def _remedy(err: DBAPIError) -> str | None:
    if isinstance(err.orig, sqlite3.Error):
        code: int = getattr(err.orig, "sqlite_errorcode", 0)  # absent from errors that the Python module raises itself
        return _REMEDY_OF_SQLITE_CODE.get(code & 0xFF)  # the low byte is the primary code
    if isinstance(err, OperationalError):
        lines = str(err.orig).strip().splitlines() or ["no reason given"]
        return f"cannot reach the server ({lines[0]}); is it running, and are the address and password right?"
    return None
