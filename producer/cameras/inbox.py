"""What came of a camera and is not yet recorded, in bounded memory. Stands between the thread that reads and the one
that records, so that a store that is away holds up no camera.
"""

import threading
from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from core.media import ChunkSpan
from video.live.live_fragment import LiveFragment

MAX_BYTES: Final = 64 * 1024**2
MAX_FRAGMENTS: Final = 256

#: Losses and dropped spans are small; whoever flaps for so long while the store is away is made to wait.
_MAX_ITEMS: Final = 4096


@dataclass(frozen=True, kw_only=True)
class Capture:
    """Pictures that came: a fragment, or what is known of fragments that were dropped here."""

    content: bytes | None  # None: dropped, because nobody took it
    span: ChunkSpan
    num_frames: int
    codec_name: str
    width_px: int
    height_px: int
    completed_at: datetime  # aware wall clock


@dataclass(frozen=True, kw_only=True)
class Loss:
    """The source is gone, or could not be opened; it is tried again."""

    reason: str  # one line, without the camera's address


@dataclass(frozen=True, kw_only=True)
class Over:
    """Nothing more comes."""

    error: Exception | None  # None: a file came to its end


Arrival = Capture | Loss | Over


def capture_of(fragment: LiveFragment) -> Capture:
    """Return a fragment as it is put into an inbox."""
    return Capture(
        content=fragment.content,
        span=fragment.span,
        num_frames=fragment.num_frames,
        codec_name=fragment.codec_name,
        width_px=fragment.width_px,
        height_px=fragment.height_px,
        completed_at=fragment.completed_at,
    )


class CameraInbox:
    """Arrivals in order. Too full, it drops the content of the oldest fragments and keeps their spans and counts."""

    def __init__(self, *, max_bytes: int = MAX_BYTES, max_fragments: int = MAX_FRAGMENTS) -> None:
        self._max_bytes = max_bytes
        self._max_fragments = max_fragments
        self._items: deque[Arrival] = deque()
        self._changed = threading.Condition()

    def put(self, arrival: Arrival) -> None:
        """Add what came."""
        with self._changed:
            while len(self._items) >= _MAX_ITEMS:
                self._changed.wait()
            self._items.append(arrival)
            while self._is_too_full():
                self._drop_oldest_content()
            self._changed.notify_all()

    def take(self, *, timeout_seconds: float) -> Arrival | None:
        """Return the oldest arrival; None: nothing came in time."""
        with self._changed:
            if not self._items:
                self._changed.wait(timeout_seconds)
            if not self._items:
                return None
            arrival = self._items.popleft()
            self._changed.notify_all()
            return arrival

    @property
    def num_bytes(self) -> int:
        """What the fragments in it take."""
        return sum(len(content) for content in self._contents())

    def _contents(self) -> list[bytes]:
        return [item.content for item in self._items if isinstance(item, Capture) and item.content is not None]

    def _is_too_full(self) -> bool:
        contents = self._contents()
        too_full = len(contents) > self._max_fragments or sum(map(len, contents)) > self._max_bytes
        return too_full and len(contents) > 1  # the newest may be as long as it likes

    def _drop_oldest_content(self) -> None:
        for index, item in enumerate(self._items):
            if isinstance(item, Capture) and item.content is not None:
                dropped = replace(item, content=None)
                before = self._items[index - 1] if index else None
                if isinstance(before, Capture):  # of the same stretch, and without content: it is older
                    self._items[index - 1] = _joined(before, dropped)
                    del self._items[index]
                else:
                    self._items[index] = dropped
                return


def _joined(first: Capture, second: Capture) -> Capture:
    span = replace(first.span, end_us=second.span.end_us)
    return replace(second, span=span, num_frames=first.num_frames + second.num_frames)
