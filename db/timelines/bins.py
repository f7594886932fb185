"""Bins in SQL, the same on every database."""

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, true

from core.time_ranges import TimeRange


def bin_start(time_us: Any, bin_us: int | BindParameter[int]) -> ColumnElement[int]:
    """Return the start of the bin that holds a time: bin n holds n * bin_us <= time_us < (n + 1) * bin_us."""
    # Databases truncate towards zero, so a negative time's remainder is negative: made positive, this is a true floor.
    found: ColumnElement[int] = time_us - (time_us % bin_us + bin_us) % bin_us
    return found


def meets(first_us: Any, last_us: Any, span: TimeRange) -> ColumnElement[bool]:
    """Whether what lies from a first to a last time has a time in a range; all three on the same clock."""
    found: ColumnElement[bool] = true()
    if span.from_us is not None:
        found = and_(found, last_us >= span.from_us)
    if span.until_us is not None:
        found = and_(found, first_us < span.until_us)
    return found
