"""How long to wait before a lost camera is tried again. Pure but for the draw, which is passed in."""

import random
from collections.abc import Callable
from typing import Final

FIRST_CEILING_SECONDS: Final = 1.0
LAST_CEILING_SECONDS: Final = 30.0

#: A camera that gave pictures for so long was well: its next loss is its first again.
HEALTHY_AFTER_SECONDS: Final = 30.0


class Backoff:
    """Waits drawn between nothing and a ceiling that doubles from 1 s to 30 s.

    The whole range is drawn from ("full jitter"), so that the cameras of one site, which are lost together, do not
    come back together.
    """

    def __init__(self, draw_between: Callable[[float, float], float] = random.uniform) -> None:
        self._draw_between = draw_between
        self._ceiling_seconds = FIRST_CEILING_SECONDS

    def next_wait_seconds(self, *, healthy_seconds: float) -> float:
        """Return how long to wait after an attempt that gave pictures for `healthy_seconds`."""
        if healthy_seconds >= HEALTHY_AFTER_SECONDS:
            self._ceiling_seconds = FIRST_CEILING_SECONDS
        wait_seconds = self._draw_between(0.0, self._ceiling_seconds)
        self._ceiling_seconds = min(LAST_CEILING_SECONDS, 2 * self._ceiling_seconds)
        return wait_seconds
