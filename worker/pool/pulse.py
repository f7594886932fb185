"""Whether a loop still goes round: what a health check asks of a process, whatever its store or broker does."""

import threading
import time
from typing import Final

#: A loop that has not come round for so long hangs.
_MAX_SILENCE_SECONDS: Final = 60.0


class Pulse:
    """Beaten by one thread, felt by another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._beaten_at = time.monotonic()

    def beat(self) -> None:
        """Say that the loop comes round."""
        with self._lock:
            self._beaten_at = time.monotonic()

    def is_felt(self) -> bool:
        """Whether it did within a minute."""
        with self._lock:
            return time.monotonic() - self._beaten_at < _MAX_SILENCE_SECONDS
