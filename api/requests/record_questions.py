"""A question about a person's record as a request's parameters ask it, and its refusal where the answer is too long."""

from typing import Annotated, Final

from fastapi import Depends, Query

from api.parts import Parts, SubjectId
from api.problems import Problem
from core.calendar_bins import BinWidth, CalendarUnit, parse_width, parse_zone
from core.people.longitudinal import Enough
from core.time_ranges import TimeRange, parse_range
from db.people.subject_timelines import RecordQuestion, record_extent

MAX_NUM_POINTS: Final = 20_000

PLAIN: Final = r"^[^\x00-\x1f\x7f]{1,200}$"

_DAY_US: Final = 86_400_000_000
_NUM_DAYS: Final = {CalendarUnit.DAY: 1, CalendarUnit.WEEK: 7, CalendarUnit.MONTH: 28}

Zone = Annotated[str, Query(pattern=r"^[A-Za-z0-9_+/-]{1,60}$", description="Whose days: Europe/Berlin.")]
Condition = Annotated[str | None, Query(pattern=PLAIN, description="Only sittings of this condition.")]
BaselineText = Annotated[str | None, Query(pattern=r"^(newest|[0-9]{1,6})$", description="newest, or a number")]
MinReadings = Annotated[int, Query(ge=1, le=1_000_000, description="What has fewer counted readings has no value.")]

_MOMENT: Final = "A day of the zone, or a time with its own zone: 2026-03-02, 2026-03-02T09:30:00%2B01:00."


def _question(
    subject_id: SubjectId,
    bin_text: Annotated[str, Query(alias="bin", max_length=20, description="0.1s … 1h, 1d, 1w, 1mo")] = "1d",
    from_text: Annotated[
        str | None, Query(alias="from", max_length=40, description=f"Bins that begin then or later. {_MOMENT}")
    ] = None,
    until_text: Annotated[
        str | None, Query(alias="until", max_length=40, description="Bins that begin before. As from.")
    ] = None,
    zone: Zone = "UTC",
    condition: Condition = None,
    baseline: BaselineText = None,
    min_readings: MinReadings = 10,
    min_sessions: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> RecordQuestion:
    in_zone = parse_zone(zone)
    return RecordQuestion(
        subject_id=subject_id,
        width=parse_width(bin_text),
        zone=in_zone,
        condition=condition,
        enough=Enough(min_readings=min_readings, min_sessions=min_sessions),
        baseline=baseline,
        span=parse_range(from_text, until_text, in_zone),
    )


Asked = Annotated[RecordQuestion, Depends(_question)]


def refuse_many(parts: Parts, asked: RecordQuestion) -> None:
    """Refuse an answer of too many points before a row is read: those of the range, of the whole record without one."""
    with parts.store.reading() as connection:
        extent = record_extent(connection, asked.subject_id)
    begin, end = (_or(asked.span.from_us, extent.from_us), _or(asked.span.until_us, extent.until_us))
    length_us = max(0, end - begin)
    num_points = length_us // _width_us(asked.width)
    if num_points > MAX_NUM_POINTS:
        raise Problem(
            422,
            "TOO_MANY_POINTS",
            f"bin={asked.width.text}: {num_points:,} points over {length_us // _DAY_US:,} days, "
            f"{MAX_NUM_POINTS:,} at most: widen it, or ask for less by from and until",
        )


def asked_text(span: TimeRange) -> str:
    """Say in a word for the log whether all of a record was looked at."""
    return "range" if span.is_bounded else "all"


def _or(asked_us: int | None, extent_us: int | None) -> int:
    return next((each for each in (asked_us, extent_us) if each is not None), 0)


def _width_us(width: BinWidth) -> int:
    if width.clock_us is not None:
        return width.clock_us
    assert width.unit is not None, "a width is by the clock or by the calendar"
    return _NUM_DAYS[width.unit] * _DAY_US
