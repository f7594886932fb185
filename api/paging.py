"""Cursors: where a page ended, written so that a client hands it back without reading it."""

import base64
import binascii
import json
from datetime import datetime
from typing import Any, Final

from api.problems import Problem
from db.archive.owned import Place

MAX_CURSOR_CHARS: Final = 300
_LARGEST: Final = 2**53


def cursor_of(*values: str | int) -> str:
    """Write a cursor of these values."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def read_cursor(text: str, *kinds: type[Any]) -> list[Any]:
    """Read a cursor of values of these kinds. Raises Problem for anything that cursor_of() did not write."""
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise _unknown(text) from error
    if not isinstance(values, list) or [type(value) for value in values] != list(kinds):
        raise _unknown(text)
    if any(isinstance(value, int) and abs(value) > _LARGEST for value in values) or "\0" in str(values):
        raise _unknown(text)
    return values


def place_of(text: str | None) -> Place | None:
    """Read where a list's page ended."""
    if text is None:
        return None
    moment, key = read_cursor(text, str, str)
    try:
        created_at = datetime.fromisoformat(moment)
        created_at.astimezone()
    except (ValueError, OverflowError) as error:
        raise _unknown(text) from error
    if created_at.tzinfo is None or "\0" in key:
        raise _unknown(text)
    return Place(created_at=created_at, id=key)


def place_cursor(created_at: datetime, key: str) -> str:
    """Write where a list's page ended."""
    return cursor_of(created_at.isoformat(), key)


def _unknown(text: str) -> Problem:
    return Problem(422, "CURSOR_UNKNOWN", f"cursor {text[:40]!r}: give back what `next_cursor` said, unchanged")
