"""When a live picture was taken, by the wall clock. Pure: knows times of arrival and the stream's own times only.

A stretch's `started_at` is the wall clock at the stream's time 0, as its first fragment's arrival shows it. It is late
by what a picture takes to get here (encoder, network, one picture until the group is known to be over: 0.12 s in the
tests, seldom above a second), and by as much as the first arrival was held up beyond that. A camera's own clock may run
fast or slow; what has come of that is measured with every fragment, and beyond MAX_DRIFT_SECONDS the clock is off.
"""

from collections import deque
from datetime import datetime, timedelta
from typing import Final

#: How far the wall clock of a picture may be from what its arrival says before a new stretch, with a new clock, begins.
MAX_DRIFT_SECONDS: Final = 0.5

#: So many arrivals must all be late before the clock is blamed for it and not the network.
_NUM_ARRIVALS: Final = 16


class StretchClock:
    """The wall clock of one stretch."""

    def __init__(self, *, end_us: int, arrived_at: datetime) -> None:
        """Set the clock by a fragment: its end on the stream's clock, and when it was there."""
        self.started_at = arrived_at - timedelta(microseconds=end_us)
        # That first arrival is on time by definition, and so none is late before it has left the queue.
        self._recent_seconds: deque[float] = deque([0.0], maxlen=_NUM_ARRIVALS)

    def wall_clock(self, pts_us: int) -> datetime:
        """Return when a picture was taken: aware, late by a little (see above)."""
        return self.started_at + timedelta(microseconds=pts_us)

    def note_arrival(self, *, end_us: int, arrived_at: datetime) -> None:
        """Compare the clock with another fragment's arrival."""
        self._recent_seconds.append((arrived_at - self.wall_clock(end_us)).total_seconds())

    @property
    def drift_seconds(self) -> float:
        """How far behind the clock the quickest of the latest arrivals was; below 0: ahead of it."""
        return min(self._recent_seconds)

    @property
    def is_off(self) -> bool:
        """Whether a new clock is due. A picture cannot come before it was taken; a late one proves little alone."""
        return abs(self.drift_seconds) > MAX_DRIFT_SECONDS
