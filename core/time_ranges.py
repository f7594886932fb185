"""A stretch of wall clock that a question is about: half-open, in microseconds since 1970 in UTC."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from core.errors import InputError

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

#: Years that are taken: before them nobody filmed, and beyond them a calendar ends.
_YEARS: Final = range(1900, 2200)


@dataclass(frozen=True, kw_only=True)
class TimeRange:
    """From a moment until before another."""

    from_us: int | None = None  # since 1970 in UTC; None: from the beginning
    until_us: int | None = None  # exclusive; None: to the end

    def __post_init__(self) -> None:
        if self.from_us is not None and self.until_us is not None and self.until_us <= self.from_us:
            begin, end = (_EPOCH + timedelta(microseconds=each) for each in (self.from_us, self.until_us))
            raise InputError(f"until {end.isoformat()} is not after from {begin.isoformat()}: the range holds nothing")

    @property
    def is_bounded(self) -> bool:
        """Whether it has an end anywhere."""
        return self.from_us is not None or self.until_us is not None


EVERYTHING: Final = TimeRange()


def parse_range(from_text: str | None, until_text: str | None, zone: ZoneInfo) -> TimeRange:
    """Read two days, or times with their zone; a day begins in `zone`. Raises InputError for anything else."""
    return TimeRange(from_us=_moment_us(from_text, "from", zone), until_us=_moment_us(until_text, "until", zone))


def _moment_us(text: str | None, name: str, zone: ZoneInfo) -> int | None:
    if text is None:
        return None
    try:
        moment = datetime.combine(date.fromisoformat(text), time(), zone) if len(text) <= 10 else _aware(text)
    except ValueError as error:
        raise InputError(
            f"{name} {text}: write a day or a time with its zone: 2026-03-02 or 2026-03-02T09:30:00+01:00"
        ) from error
    if moment.year not in _YEARS:
        raise InputError(f"{name} {text}: years from {_YEARS.start} to {_YEARS.stop - 1} are taken")
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _aware(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("it names no zone")
    return moment
