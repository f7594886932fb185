"""Bins in SQL, the same on every database."""

from typing import Any

from sqlalchemy import BindParameter, ColumnElement


def bin_start(time_us: Any, bin_us: int | BindParameter[int]) -> ColumnElement[int]:
    """Return the start of the bin that holds a time: bin n holds n * bin_us <= time_us < (n + 1) * bin_us."""
    # Databases truncate towards zero, so a negative time's remainder is negative: made positive, this is a true floor.
    found: ColumnElement[int] = time_us - (time_us % bin_us + bin_us) % bin_us
    return found
