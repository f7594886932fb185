"""Bins follow the calendar of a zone: days of 23 and 25 hours, weeks from Monday, months of any length."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.calendar_bins import QUARTER_US, as_datetime, bin_borders, bin_of, parse_width, parse_zone
from core.errors import InputError

BERLIN = ZoneInfo("Europe/Berlin")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def us(*when: int, zone: ZoneInfo | None = None) -> int:
    return (datetime(*when, tzinfo=zone or UTC) - EPOCH) // timedelta(microseconds=1)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "source_us"),
    [("0.1s", 100_000), ("500ms", 500_000), ("1s", 1_000_000), ("5m", 300_000_000), ("1h", 3_600_000_000)],
)
def test_parts_of_an_hour_are_by_the_clock(text: str, source_us: int):
    assert parse_width(text).source_us == source_us


@pytest.mark.parametrize("text", ["1d", "1w", "1mo"])
def test_the_calendar_is_put_together_from_quarters(text: str):
    assert parse_width(text).source_us == QUARTER_US


@pytest.mark.parametrize(
    "text", ["", "0s", "7m", "2h", "1d2", "1y", "-1s", "1.5m", "whole", "50ms", "0.7s", "0.0001s", "1.5s"]
)
def test_another_width_is_refused(text: str):
    with pytest.raises(InputError, match=r"--bin .*: write a part of an hour"):
        parse_width(text)


@pytest.mark.parametrize("name", ["Berlin", "Europe/Nowhere", "", "../etc/passwd"])
def test_another_zone_is_refused(name: str):
    with pytest.raises(InputError, match=r"--zone .*: no such time zone"):
        parse_zone(name)


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 6, 1), 24)])
def test_a_day_has_the_hours_that_its_zone_gives_it(day: tuple[int, int, int], hours: int):
    noon = us(*day, 12)
    borders = bin_borders(noon, noon, parse_width("1d"), BERLIN)
    assert borders[0] == us(*day, zone=BERLIN)
    assert borders[1] - borders[0] == hours * 3_600_000_000


def days(borders: list[int]) -> list[str]:
    return [as_datetime(each, BERLIN).date().isoformat() for each in borders]


def test_weeks_begin_on_monday():
    borders = bin_borders(us(2026, 11, 21), us(2026, 11, 24), parse_width("1w"), BERLIN)
    assert days(borders) == ["2026-11-16", "2026-11-23", "2026-11-30"]


def test_months_end_where_the_calendar_says():
    half_past_midnight_there = us(2028, 1, 31, 23, 30)
    borders = bin_borders(half_past_midnight_there, us(2028, 3, 1), parse_width("1mo"), BERLIN)
    assert days(borders) == ["2028-02-01", "2028-03-01", "2028-04-01"]


def test_a_border_belongs_to_the_bin_that_it_begins():
    borders = bin_borders(0, 3_000_000, parse_width("1s"), BERLIN)
    assert [bin_of(each, borders) for each in (0, 999_999, 1_000_000, 3_000_000)] == [0, 0, 1, 3]


def test_too_many_bins_are_refused():
    with pytest.raises(InputError, match="choose a wider one"):
        bin_borders(0, us(2026, 1, 1), parse_width("1s"), BERLIN)


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham", "America/St_Johns"])
def test_days_of_odd_zones_lie_on_quarters(zone: str):
    borders = bin_borders(us(2026, 1, 1), us(2026, 12, 31), parse_width("1d"), ZoneInfo(zone))
    assert all(border % QUARTER_US == 0 for border in borders)
