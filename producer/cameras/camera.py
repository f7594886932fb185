"""Watches a camera: reads it in a thread, records what comes, until told to stop or a file has been played."""

import re
import threading
import time
from collections.abc import Callable
from typing import Final

from core.errors import InputError
from producer.cameras.inbox import Arrival, CameraInbox, Capture, Loss, Over
from producer.cameras.reader import CameraReader, OpenSource
from producer.cameras.reconnecting import Backoff
from producer.cameras.recorder import CameraRecorder
from video.live.address import LiveAddress

#: How often a watch without an arrival looks whether it is to stop, and shows how it stands.
_LOOK_SECONDS: Final = 0.5

#: How long a watch that is told to stop goes on writing what has come already.
_FINISH_SECONDS: Final = 5.0

_NAME: Final = re.compile(r"[\w][\w .-]{0,63}")


def check_camera_name(name: str) -> None:
    """Raise InputError for what is no name of a camera: it goes into rows, logs and file names."""
    if not _NAME.fullmatch(name):  # not repeated in the message: it may be an address with a password
        raise InputError(
            "--camera: give the camera a name of letters, digits, blanks, dots, - and _, 64 at most: front-door"
        )


def without_address(message: str, address: LiveAddress, camera: str) -> str:
    """Name a camera in a message in the place of its address, whose path may hold a password too."""
    return message.replace(address.location, f"camera {camera}").replace(address.name, f"camera {camera}")


class Watch:
    """One camera, watched."""

    def __init__(
        self,
        open_source: OpenSource,
        recorder: CameraRecorder,
        *,
        without_address: Callable[[str], str],
        backoff: Backoff | None = None,
    ) -> None:
        """`without_address` takes the camera's address out of a message."""
        self._inbox = CameraInbox()
        self._recorder = recorder
        self._reader = CameraReader(
            open_source, self._inbox, backoff=backoff or Backoff(), without_address=without_address
        )

    def run(self, stop: threading.Event, *, on_look: Callable[[], None] = lambda: None) -> None:
        """Watch until `stop` is set or a file ends. Raises InputError where the address leads to no video."""
        self._recorder.take_over()
        # A daemon: it may wait for a picture for seconds, and nobody is to wait for it.
        threading.Thread(target=self._reader.run, args=(stop,), name="camera", daemon=True).start()
        try:
            is_over = False
            while not is_over and not stop.is_set():
                arrival = self._inbox.take(timeout_seconds=_LOOK_SECONDS)
                is_over = arrival is not None and self._take(arrival)
                on_look()
            stop.set()
            self._record_rest()
        finally:
            stop.set()
            self._recorder.close()

    def _take(self, arrival: Arrival) -> bool:
        """Record an arrival. Return whether it was the last."""
        match arrival:
            case Capture():
                self._recorder.record(arrival)
            case Loss():
                self._recorder.lose(arrival)
            case Over():
                if arrival.error is not None:
                    raise arrival.error
                return True
        return False

    def _record_rest(self) -> None:
        """Write what has come already."""
        deadline = time.monotonic() + _FINISH_SECONDS
        while time.monotonic() < deadline:
            arrival = self._inbox.take(timeout_seconds=0.0)
            if not isinstance(arrival, Capture):
                return
            self._recorder.record(arrival)
