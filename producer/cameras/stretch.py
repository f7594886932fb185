"""One unbroken stretch of a camera's stream while it is written: its own counting, its clock, its end. Pure."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from core.media import ChunkSpan
from producer.cameras.inbox import Capture
from producer.cameras.stretch_clock import StretchClock

#: A stretch is this long at most: then its job is over, and its clock is set anew (100 ppm add up to 0.4 s in an hour).
MAX_STRETCH_SECONDS: Final = 3600.0


class CameraStretch:
    """Counts chunks and frames from the stretch's first picture, whatever the source had counted before."""

    def __init__(self, first: Capture) -> None:
        """Begin with what came first; nothing of it is noted as written yet."""
        self.clock = StretchClock(end_us=first.span.end_us, arrived_at=first.completed_at)
        self.job_id: str | None = None  # None: not yet in the store
        self.token = secrets.token_hex(8)  # of its fragments' keys: the same bytes may come in another stretch too
        self._first = first.span
        self._num_chunks = 0
        self._end_us = first.span.start_us

    @property
    def is_new(self) -> bool:
        """Whether nothing of it has been written yet."""
        return self._num_chunks == 0

    @property
    def first_picture_at(self) -> datetime:
        """The wall clock of its first picture."""
        return self.clock.wall_clock(self._first.start_us)

    @property
    def last_picture_at(self) -> datetime:
        """The wall clock of the last picture that was written."""
        return self.clock.wall_clock(self._end_us)

    def own_span(self, span: ChunkSpan) -> ChunkSpan:
        """Return a span of the source as the next one of this stretch."""
        return replace(
            span,
            chunk_index=self._num_chunks,
            first_frame_index=span.first_frame_index - self._first.first_frame_index,
            previous_pts_us=None if self.is_new else span.previous_pts_us,
        )

    def note_written(self, capture: Capture) -> None:
        """Count what was written, and compare the clock with its arrival."""
        self._num_chunks += 1
        self._end_us = capture.span.end_us
        self.clock.note_arrival(end_us=capture.span.end_us, arrived_at=capture.completed_at)

    def reason_to_end_before(self, span: ChunkSpan) -> str | None:
        """Say why a new stretch should begin with this span; None: it belongs to this one."""
        if self.clock.is_off:
            return f"its clock is off by {self.clock.drift_seconds:+.1f} s"
        if (span.end_us - self._first.start_us) / 1e6 > MAX_STRETCH_SECONDS:
            return "a stretch is an hour long at most"
        return None


@dataclass(frozen=True, kw_only=True)
class Succession:
    """The stretch that a capture belongs to, and the one before it, where that ends with it."""

    stretch: CameraStretch
    ended: CameraStretch | None
    reason: str | None  # why it ends


def place(current: CameraStretch | None, capture: Capture) -> Succession:
    """Say which stretch a capture belongs to: the current one or a new one."""
    if current is None:
        return Succession(stretch=CameraStretch(capture), ended=None, reason=None)
    reason = current.reason_to_end_before(capture.span)
    if reason is None:
        return Succession(stretch=current, ended=None, reason=None)
    return Succession(stretch=CameraStretch(capture), ended=current, reason=reason)
