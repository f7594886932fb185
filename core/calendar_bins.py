"""Bins of wall clock in a named time zone: tenths of a second to an hour by the clock, days to months by the calendar.

A day of 23 or 25 hours, where the clocks change, is one bin like any other. Everything is told in microseconds since
1970 in UTC; the zone decides only where days, weeks and months begin.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.errors import InputError
from core.time_ranges import TimeRange

#: Days of every time zone can be put together from bins of this width: since 1972 all their borders lie on it.
QUARTER_US: Final = 15 * 60_000_000

MAX_NUM_BINS: Final = 1_000_000

_UNIT_US: Final = {"ms": 1_000, "s": 1_000_000, "m": 60_000_000, "min": 60_000_000, "h": 3_600_000_000}
_HOUR_US: Final = _UNIT_US["h"]

#: Narrower bins say nothing of a face.
_LEAST_US: Final = 100_000


class CalendarUnit(StrEnum):
    """Bins whose length the calendar decides."""

    DAY = "1d"
    WEEK = "1w"  # from Monday
    MONTH = "1mo"


@dataclass(frozen=True, kw_only=True)
class BinWidth:
    """The width of bins: so many microseconds, or a unit of the calendar."""

    text: str  # as it was asked for
    clock_us: int | None  # None: a calendar unit
    unit: CalendarUnit | None

    @property
    def source_us(self) -> int:
        """Width of the bins of UTC from which these can be put together."""
        return QUARTER_US if self.clock_us is None else self.clock_us


def parse_width(text: str) -> BinWidth:
    """Read "0.1s", "500ms", "1s", "5m", "1h", "1d", "1w" or "1mo". Raises InputError for anything else."""
    if text in set(CalendarUnit):
        return BinWidth(text=text, clock_us=None, unit=CalendarUnit(text))
    match = re.fullmatch(r"(\d{1,6}|0\.\d{1,3}(?=s))(ms|s|min|m|h)", text, re.ASCII)
    width_us = round(float(match[1]) * _UNIT_US[match[2]]) if match else 0
    if not _LEAST_US <= width_us <= _HOUR_US or _HOUR_US % width_us:
        raise InputError(f"--bin {text}: write a part of an hour such as 0.1s, 1s, 30s, 5m or 1h, or 1d, 1w, 1mo")
    return BinWidth(text=text, clock_us=width_us, unit=None)


def parse_zone(name: str) -> ZoneInfo:
    """Find a time zone of the IANA database, such as Europe/Berlin. Raises InputError where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(f"--zone {name}: no such time zone; write it like Europe/Berlin or UTC") from error


def bin_borders(first_us: int, last_us: int, width: BinWidth, zone: ZoneInfo) -> list[int]:
    """Return where the bins that hold the times from `first_us` to `last_us` begin, and where the last one ends.

    Raises InputError where there would be more than a million.
    """
    if width.clock_us is not None:
        begin = first_us // width.clock_us * width.clock_us
        num_bins = last_us // width.clock_us - first_us // width.clock_us + 1
        if num_bins > MAX_NUM_BINS:
            raise InputError(
                f"--bin {width.text}: makes {num_bins:,} bins, more than {MAX_NUM_BINS:,}: choose a wider one"
            )
        return [begin + width.clock_us * index for index in range(num_bins + 1)]
    day = _first_day(_day_of(first_us, zone), width.unit)
    borders = [_midnight_us(day, zone)]
    while borders[-1] <= last_us:
        day = _next_day(day, width.unit)
        borders.append(_midnight_us(day, zone))
    return borders


def whole_bins(span: TimeRange, width: BinWidth, zone: ZoneInfo) -> TimeRange:
    """Return what the bins that begin in a range cover; the range itself where none does."""
    begin, end = (None if each is None else _next_border(each, width, zone) for each in (span.from_us, span.until_us))
    return span if begin is not None and begin == end else TimeRange(from_us=begin, until_us=end)


def bins_in(span: TimeRange, first_us: int, last_us: int, width: BinWidth, zone: ZoneInfo) -> list[int]:
    """Return where the bins that begin in a range begin, and where the last one ends; empty: none begins in it.

    Where the range has no end, the bins that hold the times from `first_us` to `last_us` do.
    """
    covered = whole_bins(span, width, zone)
    begin = first_us if covered.from_us is None else covered.from_us
    end = last_us if covered.until_us is None else covered.until_us - 1
    borders = bin_borders(begin, end, width, zone) if begin <= end else []
    is_none = span.from_us is not None and bool(borders) and borders[0] < span.from_us
    return [] if is_none else borders


def bin_of(time_us: int, borders: Sequence[int]) -> int:
    """Return the index of the bin that holds a time within the borders."""
    return bisect_right(borders, time_us) - 1


def as_datetime(time_us: int, zone: ZoneInfo) -> datetime:
    """Turn microseconds since 1970 into an aware time of a zone."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time_us)).astimezone(zone)


def _next_border(time_us: int, width: BinWidth, zone: ZoneInfo) -> int:
    """Return where the first bin begins that does not begin before a time."""
    begin, end = bin_borders(time_us, time_us, width, zone)
    return begin if begin == time_us else end


def _day_of(time_us: int, zone: ZoneInfo) -> date:
    return as_datetime(time_us, zone).date()


def _midnight_us(day: date, zone: ZoneInfo) -> int:
    """Return when a day begins; where the clocks skip midnight, its first moment after that."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return (midnight - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _first_day(day: date, unit: CalendarUnit | None) -> date:
    if unit is CalendarUnit.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit is CalendarUnit.MONTH else day


def _next_day(day: date, unit: CalendarUnit | None) -> date:
    if unit is CalendarUnit.MONTH:
        return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return day + timedelta(days=7 if unit is CalendarUnit.WEEK else 1)
