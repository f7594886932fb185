"""What comes of a camera, made up: fragments of two seconds with consistent times, and a camera that plays a script."""

import threading
from collections.abc import Generator, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from core.media import AnalysisParameters, ChunkSpan
from core.people.subjects import Appearance
from db.records import CameraStretch
from producer.cameras.events import CameraEvent, EventKind
from producer.cameras.inbox import Capture, capture_of
from producer.cameras.recorder import CameraOrder
from tests.factories import make_model_version
from video.live.live_fragment import LiveFragment

CAMERA = "front door"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
FRAGMENT_SECONDS = 2.0
FRAMES_PER_FRAGMENT = 50
FIRST_US = 5_000_000  # cameras begin anywhere


def make_fragment(
    index: int = 0, *, at: datetime = NOON, late_seconds: float = 0.0, content: bytes | None = None
) -> LiveFragment:
    """Return the index-th fragment of a connection whose first picture was taken at `at`."""
    length_us = round(FRAGMENT_SECONDS * 1e6)
    start_us = FIRST_US + index * length_us
    return LiveFragment(
        content=content or f"fragment {index} of {at}".encode(),
        span=ChunkSpan(
            chunk_index=index,
            start_us=start_us,
            end_us=start_us + length_us,
            first_frame_index=index * FRAMES_PER_FRAGMENT,
            previous_pts_us=start_us - 40_000 if index else None,
        ),
        num_frames=FRAMES_PER_FRAGMENT,
        codec_name="h264",
        width_px=640,
        height_px=360,
        completed_at=at + timedelta(seconds=(index + 1) * FRAGMENT_SECONDS + late_seconds),
    )


def make_capture(
    index: int = 0, *, at: datetime = NOON, late_seconds: float = 0.0, content: bytes | None = None
) -> Capture:
    """Return that fragment as an inbox holds it."""
    return capture_of(make_fragment(index, at=at, late_seconds=late_seconds, content=content))


def make_stretch(
    *, camera: str = CAMERA, started_at: datetime = NOON, appearance: Appearance | None = None
) -> CameraStretch:
    """Return a stretch as it begins."""
    return CameraStretch(
        camera=camera,
        started_at=started_at,
        start_us=FIRST_US,
        codec_name="h264",
        width_px=640,
        height_px=360,
        rotation_degrees=0,
        model_version=make_model_version(),
        parameters=AnalysisParameters(),
        appearance=appearance,
    )


def make_order(*, max_lag_seconds: float = 30.0) -> CameraOrder:
    """Return what is asked of a camera."""
    return CameraOrder(
        camera=CAMERA,
        model_version=make_model_version(),
        parameters=AnalysisParameters(),
        max_lag_seconds=max_lag_seconds,
    )


class ScriptedCamera:
    """Each opening plays the next scene: fragments, and what is raised in the end; after the last, `stop` is set."""

    def __init__(self, scenes: Sequence[Sequence[LiveFragment | Exception]], stop: threading.Event) -> None:
        self._scenes: Iterator[Sequence[LiveFragment | Exception]] = iter(scenes)
        self._stop = stop

    def open(self) -> Generator[LiveFragment]:
        scene = next(self._scenes, None)
        if scene is None:
            self._stop.set()
            return
        for shown in scene:
            if isinstance(shown, Exception):
                raise shown
            yield shown


class Told:
    """Keeps the events that it is told."""

    def __init__(self) -> None:
        self.events: list[CameraEvent] = []

    def tell(self, event: CameraEvent) -> None:
        self.events.append(event)

    @property
    def kinds(self) -> list[EventKind]:
        return [event.kind for event in self.events]
