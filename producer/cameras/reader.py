"""Reads a camera for as long as it is wanted, and tries again when it is lost. Knows no store and no Redis."""

import threading
import time
from collections.abc import Callable, Generator

from core.errors import InputError
from producer.cameras.inbox import CameraInbox, Loss, Over, capture_of
from producer.cameras.reconnecting import Backoff
from video.live.live_fragment import LiveFragment
from video.live.opening import SourceLost

#: Opens the camera and yields what comes of it; raises SourceLost, or InputError where it is no video.
OpenSource = Callable[[], Generator[LiveFragment]]


class CameraReader:
    """Puts all that comes of one camera into an inbox."""

    def __init__(
        self, open_source: OpenSource, inbox: CameraInbox, *, backoff: Backoff, without_address: Callable[[str], str]
    ) -> None:
        """`without_address` takes the camera's address out of a message."""
        self._open_source = open_source
        self._inbox = inbox
        self._backoff = backoff
        self._without_address = without_address
        self._began_at: float | None = None  # monotonic, when this attempt gave its first fragment
        self._has_been_read = False

    def run(self, stop: threading.Event) -> None:
        """Read until `stop` is set, a file ends or the address proves to be no video. Never raises."""
        try:
            while not stop.is_set():
                if self._read_until_lost(stop):
                    self._inbox.put(Over(error=None))
                    return
                lived = 0.0 if self._began_at is None else time.monotonic() - self._began_at
                stop.wait(self._backoff.next_wait_seconds(healthy_seconds=lived))
        except InputError as error:
            self._inbox.put(Over(error=InputError(self._without_address(str(error)))))
        except Exception as error:  # noqa: BLE001  a thread's error reaches nobody unless it is handed on
            self._inbox.put(Over(error=error))

    def _read_until_lost(self, stop: threading.Event) -> bool:
        """Return whether the source came to its own end: a file."""
        self._began_at = None
        try:
            for fragment in self._open_source():
                if stop.is_set():
                    return False
                if self._began_at is None:
                    self._began_at = time.monotonic()
                self._has_been_read = True
                self._inbox.put(capture_of(fragment))
        except SourceLost as loss:
            self._inbox.put(Loss(reason=f"{loss.fault}: {self._without_address(str(loss))}"))
            return False
        except InputError as error:
            if not self._has_been_read:
                raise
            # It was a camera before: while it restarts it may show what is none.
            self._inbox.put(Loss(reason=f"UNUSABLE: {self._without_address(str(error))}"))
            return False
        return True
