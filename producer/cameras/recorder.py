"""Writes down what comes of one camera: fragments into Redis, stretches, chunks and gaps into the store.

A fragment is kept first and its chunk is appended then, so that no chunk points to nothing. Every picture that came is
in one chunk: one to be analysed, or a failed one that says why it was dropped.
"""

import math
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_when_event_set, wait_random_exponential
from tenacity.nap import sleep_using_event

from core.errors import BrokerUnavailable, EnvironmentFault, InputError, MoodlineError, StoreUnavailable
from core.media import AnalysisParameters
from core.people.subjects import Appearance
from db import records
from db.live import live
from db.live.backlog import Backlog, DropCode, drop_oldest
from db.records import Fault, ModelVersion
from db.store import Store
from producer.cameras.events import CameraEvent, EventKind, WatchStatus
from producer.cameras.inbox import Capture, Loss
from producer.cameras.stretch import CameraStretch, Succession, place
from video.fragments.fragment_store import FragmentStore, fragment_key

#: How much longer than it may wait a fragment is kept: for the worker that took its chunk last, and for another try.
_KEPT_BEYOND_SECONDS: Final = 300


class StretchClosed(MoodlineError):
    """The camera's job takes no more pictures: a user cancelled it, or another process watches the camera now."""


@dataclass(frozen=True, kw_only=True)
class CameraOrder:
    """What is asked of a camera."""

    camera: str  # the name that a person gave it
    model_version: ModelVersion
    parameters: AnalysisParameters
    max_lag_seconds: float = 30.0  # of video that may wait for workers; beyond it the oldest is dropped
    appearance: Appearance | None = None  # who is to be seen in all of it; None: nobody is named


class CameraRecorder:
    """Records one camera. Waits for a store that is away, until `stop` is set."""

    def __init__(
        self,
        store: Store,
        fragments: FragmentStore,
        order: CameraOrder,
        *,
        on_event: Callable[[CameraEvent], None],
        stop: threading.Event,
    ) -> None:
        self._store = store
        self._fragments = fragments
        self._order = order
        self._on_event = on_event
        self._stop = stop
        self._began_at = datetime.now(UTC)
        self._stretch: CameraStretch | None = None
        self._was_lost = False
        self._num_fragments = self._num_captured_frames = self._num_dropped_frames = 0
        self._backlog: Backlog | None = None  # after the last fragment
        self._lag_seconds = 0.0  # then

    def take_over(self) -> None:
        """End what a watcher left that was killed, with a gap from its last picture on."""
        reason = "the process that watched it had ended without a word"
        num_ended = 0
        for attempt in self._attempts():
            with attempt, self._store.writing() as connection:
                num_ended = live.take_over(connection, self._order.camera, reason=reason)
        if num_ended:
            self._say(EventKind.TAKEN_OVER, reason)

    def record(self, capture: Capture) -> None:
        """Write down pictures that came. Raises StretchClosed where nobody wants them any more."""
        place_of = place(self._stretch, capture)
        key, fault = self._keep(capture, place_of.stretch)
        was_new = place_of.stretch.is_new
        gap_from_at = self._append(capture, place_of, key=key, fault=fault)
        self._stretch, self._was_lost = place_of.stretch, False
        place_of.stretch.note_written(capture)
        self._num_fragments += 1
        self._num_captured_frames += capture.num_frames
        if was_new:
            self._say_begun(place_of, gap_from_at)
        if fault is not None:
            self._note_dropped(fault.code, capture.num_frames)
        self._drop_oldest()

    def lose(self, loss: Loss) -> None:
        """Write down that the camera is gone: its stretch ends and a gap begins, unless one is open."""
        if self._was_lost:
            return  # an attempt that failed like the one before it
        stretch = self._stretch
        from_at = self._began_at if stretch is None else stretch.last_picture_at
        for attempt in self._attempts():
            with attempt, self._store.writing() as connection:
                if stretch is not None and stretch.job_id is not None:
                    live.end_stretch(connection, stretch.job_id)
                live.begin_gap(connection, self._order.camera, from_at=from_at, reason=loss.reason)
        self._stretch, self._was_lost = None, True
        self._say(EventKind.UNREACHABLE if stretch is None else EventKind.LOST, loss.reason)

    def close(self) -> None:
        """End the stretch: the watch is over."""
        if self._stretch is not None and self._stretch.job_id is not None:
            for attempt in self._attempts():
                with attempt, self._store.writing() as connection:
                    live.end_stretch(connection, self._stretch.job_id)
        self._stretch = None
        self._say(EventKind.STOPPED, "what came is in the store", num_frames=self._num_captured_frames)

    def status(self) -> WatchStatus:
        """Return how the watch stands, as of the last fragment."""
        return WatchStatus(
            camera=self._order.camera,
            is_connected=self._stretch is not None,
            num_fragments=self._num_fragments,
            num_captured_frames=self._num_captured_frames,
            num_dropped_frames=self._num_dropped_frames,
            num_waiting_frames=self._backlog.num_waiting_frames if self._backlog else 0,
            lag_seconds=self._lag_seconds,
        )

    def _keep(self, capture: Capture, stretch: CameraStretch) -> tuple[str | None, Fault | None]:
        """Put a fragment into Redis. Return its key, or why it is dropped."""
        if capture.content is None:
            message = "dropped by the watcher: the store or Redis was away or too slow to hand it on"
            return None, Fault(code=DropCode.WATCHER_BEHIND.value, message=message)
        key = fragment_key(stretch.token, capture.content)
        ttl_seconds = math.ceil(self._order.max_lag_seconds) + _KEPT_BEYOND_SECONDS
        try:
            self._fragments.put(key, capture.content, ttl_seconds=ttl_seconds)
        except BrokerUnavailable as error:
            return None, Fault(code=DropCode.BROKER_AWAY.value, message=str(error))
        except (EnvironmentFault, InputError) as error:
            return None, Fault(code=DropCode.BROKER_REFUSED.value, message=str(error))
        return key, None

    def _append(
        self, capture: Capture, place_of: Succession, *, key: str | None, fault: Fault | None
    ) -> datetime | None:
        """Append a chunk, and begin its stretch in the same transaction where it is new. Return when the gap began."""
        stretch, span, gap_from_at = place_of.stretch, place_of.stretch.own_span(capture.span), None
        for attempt in self._attempts():
            with attempt, self._store.writing() as connection:
                if stretch.is_new:
                    gap_from_at = live.end_gap(connection, self._order.camera, until_at=stretch.first_picture_at)
                    stretch.job_id = live.begin_stretch(
                        connection, self._as_begun(stretch, capture), after_job_id=_job_id_of(place_of.ended)
                    )
                is_taken = stretch.job_id is not None
                if stretch.job_id is not None and key is not None:
                    is_taken = live.append_chunk(
                        connection, stretch.job_id, span, fragment_key=key, num_source_frames=capture.num_frames
                    )
                elif stretch.job_id is not None and fault is not None:
                    is_taken = live.append_dropped(
                        connection, stretch.job_id, span, num_source_frames=capture.num_frames, fault=fault
                    )
                if not is_taken:
                    raise StretchClosed(
                        f"camera {self._order.camera}: its pictures are not wanted any more: its job was cancelled, "
                        "or another process watches it now"
                    )
        return gap_from_at

    def _as_begun(self, stretch: CameraStretch, capture: Capture) -> records.CameraStretch:
        return records.CameraStretch(
            camera=self._order.camera,
            started_at=stretch.clock.started_at,
            start_us=capture.span.start_us,
            codec_name=capture.codec_name,
            width_px=capture.width_px,
            height_px=capture.height_px,
            rotation_degrees=0,
            model_version=self._order.model_version,
            parameters=self._order.parameters,
            appearance=self._order.appearance,
        )

    def _drop_oldest(self) -> None:
        backlog: Backlog | None = None
        for attempt in self._attempts():
            with attempt, self._store.writing() as connection:
                backlog = drop_oldest(connection, self._order.camera, max_waiting_seconds=self._order.max_lag_seconds)
        assert backlog is not None, "an attempt that does not succeed raises"
        oldest_at = backlog.oldest_waiting_at
        self._backlog = backlog
        self._lag_seconds = max(0.0, (datetime.now(UTC) - oldest_at).total_seconds()) if oldest_at else 0.0
        for key in backlog.dropped_fragment_keys:
            with suppress(EnvironmentFault):  # it expires
                self._fragments.delete(key)
        if backlog.num_dropped_frames:
            self._note_dropped(DropCode.LAGGED.value, backlog.num_dropped_frames)

    def _attempts(self) -> Retrying:
        return Retrying(
            retry=retry_if_exception_type(StoreUnavailable),
            wait=wait_random_exponential(multiplier=0.2, max=5),
            sleep=sleep_using_event(self._stop),
            stop=stop_when_event_set(self._stop),
            before_sleep=self._say_store_away,
            reraise=True,
        )

    def _say_store_away(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        if state.attempt_number == 1 and error is not None:
            self._say(EventKind.STORE_AWAY, str(error))

    def _say_begun(self, place_of: Succession, gap_from_at: datetime | None) -> None:
        if place_of.reason is not None:
            self._say(EventKind.RENEWED, place_of.reason)
            return
        self._say(EventKind.CONNECTED, f"job {place_of.stretch.job_id}")
        if gap_from_at is not None:
            seconds = (place_of.stretch.first_picture_at - gap_from_at).total_seconds()
            self._say(EventKind.GAP_CLOSED, f"no picture for {max(0.0, seconds):.1f} s")

    def _note_dropped(self, code: str, num_frames: int) -> None:
        self._num_dropped_frames += num_frames
        self._say(EventKind.DROPPED, code, num_frames=num_frames)

    def _say(self, kind: EventKind, detail: str, *, num_frames: int = 0) -> None:
        at = datetime.now(UTC)
        self._on_event(CameraEvent(kind=kind, camera=self._order.camera, at=at, detail=detail, num_frames=num_frames))


def _job_id_of(stretch: CameraStretch | None) -> str | None:
    return None if stretch is None else stretch.job_id
