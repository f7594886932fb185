"""Widths of a timeline's bins as people write them: "0.1s", "500ms", "2m", "whole"."""

from typing import Final

from core.errors import InputError

_UNIT_US: Final = {"ms": 1_000, "s": 1_000_000, "m": 60_000_000, "min": 60_000_000, "h": 3_600_000_000}
WHOLE: Final = "whole"

#: Widths that a person can read on an axis, and how many bins a screen holds.
_READABLE_BINS: Final = ("0.1s", "0.2s", "0.5s", "1s", "2s", "5s", "10s", "15s", "30s", "1m", "2m", "5m", "10m", "30m")
_MAX_SCREEN_BINS: Final = 24


def choose_bin_us(length_us: int) -> int:
    """Return the narrowest readable bin with which a media of this length fits a screen."""
    widths_us = [parse_bin(text) or 0 for text in _READABLE_BINS]
    return next((width for width in widths_us if length_us < width * _MAX_SCREEN_BINS), widths_us[-1])


def parse_bin(text: str) -> int | None:
    """Turn "0.1s", "500ms", "2m" or "1" (seconds) into microseconds; "whole" into None: one bin."""
    if text == WHOLE:
        return None
    number = text.rstrip("abcdefghijklmnopqrstuvwxyz")
    unit = text[len(number) :] or "s"
    try:
        bin_us = round(float(number) * _UNIT_US[unit])
    except (ValueError, KeyError, OverflowError) as error:
        raise InputError(f"--bin {text}: not a length of time; write it like 0.1s, 500ms, 2m, 1h or whole") from error
    if bin_us < 1_000:
        raise InputError(f"--bin {text}: must be at least 1 ms")
    return bin_us
