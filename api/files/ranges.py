"""The bytes of a file that a request asks for (RFC 9110): one stretch, or all; several are answered with all."""

import re
from dataclasses import dataclass
from typing import Final

_ONE: Final = re.compile(r"bytes=\s*(\d{0,19})-(\d{0,19})\s*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class ByteRange:
    """Some bytes of a file."""

    start: int  # 0-based, inclusive
    end: int  # exclusive

    @property
    def num_bytes(self) -> int:
        """How many they are."""
        return self.end - self.start


class Unsatisfiable(Exception):
    """What was asked for lies beyond the file."""


def asked_range(header: str | None, num_bytes: int) -> ByteRange | None:
    """Read a Range header for a file of this size; None: the whole. Raises Unsatisfiable."""
    found = None if header is None else _ONE.fullmatch(header.strip())
    if found is None or found[1] == found[2] == "":
        return None
    if found[1] == "":  # so many at the end
        start, end = max(0, num_bytes - int(found[2])), num_bytes
    else:
        start = int(found[1])
        if found[2] and int(found[2]) < start:
            return None  # not a range: as if nothing was asked
        end = min(num_bytes, int(found[2]) + 1) if found[2] else num_bytes
    if start >= end:
        raise Unsatisfiable
    return ByteRange(start=start, end=end)
