"""Measures the ledger: a chunk's life step by step, and its rows, through the functions that workers call."""

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from benchmarks.scale_stores import MeasuredStore
from core.emotions import EMOTIONS
from core.frames import Face, FrameStatus
from core.media import AnalysisParameters, ChunkSpan, CutPoint, MediaInfo
from core.observations import FaceObservation, FrameObservation, Reading
from db import dispatch, ledger, live
from db.records import AnalysisRequest, CameraStretch, ChunkReference, Claim, ModelVersion
from db.states import JobQueue
from db.submission import submit

FPS: Final = 25
NUM_FRAMES: Final = 600
_CHUNK_US: Final = NUM_FRAMES * 1_000_000 // FPS
_LEASE_SECONDS: Final = 60.0

MODEL: Final = ModelVersion(id="scale-000000000000", name="scale", sha256="0" * 64, card="{}")


@dataclass(frozen=True, kw_only=True)
class Step:
    """What doing one thing took, many times over."""

    busy_seconds: float  # by the store's meter, mean of the middle four fifths
    wall_seconds: float  # with this process's own work, likewise
    log_bytes: float  # mean


@dataclass(kw_only=True)
class _Laps:
    busy: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    log_bytes: float = 0.0


class Stopwatch:
    """Adds up what steps take, by name."""

    def __init__(self, measured: MeasuredStore) -> None:
        self._measured = measured
        self._laps: dict[str, _Laps] = {}

    def time[T](self, name: str, do: Callable[[], T], *, num_items: int = 1) -> T:
        """Do something that counts as so many."""
        laps = self._laps.setdefault(name, _Laps())
        log_bytes, busy, wall = self._measured.log_bytes(), self._measured.busy_seconds(), time.perf_counter()
        result = do()
        laps.wall.append((time.perf_counter() - wall) / num_items)
        laps.busy.append((self._measured.busy_seconds() - busy) / num_items)
        laps.log_bytes += (self._measured.log_bytes() - log_bytes) / num_items
        return result

    def steps(self) -> dict[str, Step]:
        """Return what each step took."""
        return {
            name: Step(
                busy_seconds=middle_mean(laps.busy),
                wall_seconds=middle_mean(laps.wall),
                log_bytes=laps.log_bytes / len(laps.busy),
            )
            for name, laps in self._laps.items()
        }


def middle_mean(values: list[float]) -> float:
    """Return the mean without the lowest and the highest tenth: other processes share this machine."""
    cut = len(values) // 10
    return statistics.fmean(sorted(values)[cut : len(values) - cut])
