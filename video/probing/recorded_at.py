"""When a file says that it was recorded. Cameras write it; programs that edit or send may change or drop it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from core.errors import InputError

#: Where containers keep it. Apple's has the zone in which it was filmed, the other is UTC.
_KEYS: Final = ("com.apple.quicktime.creationdate", "creation_time")

#: Clocks that were never set begin at 1904, 1970, 1980.
_FIRST_YEAR: Final = 1990


def recorded_at_text(metadata: Mapping[str, str]) -> str | None:
    """Return what a container's metadata say, as they say it; None: nothing."""
    return next((metadata[key] for key in _KEYS if metadata.get(key)), None)


def parse_recorded_at(text: str | None, *, name: str) -> datetime:
    """Turn that into an aware time. Raises InputError, naming the file, where there is none to rely on."""
    remedy = "give the time with --started-at TIME"
    if text is None:
        raise InputError(f"{name}: does not say when it was recorded; {remedy}")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{name}: says that it was recorded at {text!r}, which is no time; {remedy}") from error
    if moment.tzinfo is None:
        raise InputError(f"{name}: says that it was recorded at {text}, but not in which time zone; {remedy}")
    if moment.year < _FIRST_YEAR:
        raise InputError(f"{name}: says that it was recorded in {moment.year}: a clock that was never set; {remedy}")
    return moment
