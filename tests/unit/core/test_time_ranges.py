"""A range of wall clock: days of a zone, aware times, half-open, never empty."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.calendar_bins import bins_in, parse_width, whole_bins
from core.errors import InputError
from core.time_ranges import EVERYTHING, TimeRange, parse_range

BERLIN = ZoneInfo("Europe/Berlin")


def us(text: str) -> int:
    return (datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def test_a_day_begins_in_the_zone_and_a_time_says_its_own():
    found = parse_range("2026-03-29", "2026-03-30T00:00:00Z", BERLIN)
    assert found == TimeRange(from_us=us("2026-03-29T00:00:00+01:00"), until_us=us("2026-03-30T00:00:00+00:00"))
    assert parse_range(None, None, BERLIN) == EVERYTHING
    assert not EVERYTHING.is_bounded


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-02-30", "2026-03-29T10:00:00", "0001-01-01", "9999-12-31", "2026-03-29T25:00:00Z", "-1"]
)
def test_what_is_no_day_and_no_aware_time_is_refused_by_name(text: str):
    with pytest.raises(InputError, match=r"^from "):
        parse_range(text, None, BERLIN)


@pytest.mark.parametrize("until", ["2026-03-29", "2026-03-28"])
def test_a_range_that_holds_nothing_is_refused(until: str):
    with pytest.raises(InputError, match="is not after"):
        parse_range("2026-03-29", until, BERLIN)


@pytest.mark.parametrize("width_text", ["0.1s", "1s", "5m", "1h", "1d", "1w", "1mo"])
def test_bins_of_a_range_are_those_of_everything_that_begin_in_it(width_text: str):
    width, first, last = parse_width(width_text), us("2026-03-28T23:00:00+00:00"), us("2026-03-29T04:00:00+00:00")
    everything = bins_in(EVERYTHING, first, last, width, BERLIN)
    for begin in (first, first + 1, first + 1_800_000_000):
        for end in (begin + 1, begin + 100_000, begin + 4_000_000_001):
            found = bins_in(TimeRange(from_us=begin, until_us=end), 0, 0, width, BERLIN)
            assert found[:-1] == [each for each in everything[:-1] if begin <= each < end]
            covered = whole_bins(TimeRange(from_us=begin, until_us=end), width, BERLIN)
            assert not found or (covered.from_us, covered.until_us) == (found[0], found[-1])


def test_a_range_without_an_end_goes_on_to_the_last_bin():
    width, minute = parse_width("1m"), 60_000_000
    assert bins_in(TimeRange(from_us=minute), 0, 3 * minute, width, BERLIN) == [
        minute,
        2 * minute,
        3 * minute,
        4 * minute,
    ]
    assert bins_in(TimeRange(until_us=minute + 1), 0, 9 * minute, width, BERLIN) == [0, minute, 2 * minute]
    assert bins_in(TimeRange(from_us=9 * minute), 0, 3 * minute, width, BERLIN) == []
    assert bins_in(TimeRange(until_us=minute), 5 * minute, 9 * minute, width, BERLIN) == []
