"""Smoothed values beside a page's raw ones, as `moodline timeline --smooth` makes them."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any, Final

from fastapi import Query

from api.problems import Problem
from core.documents import probs_document
from core.observations import FrameObservation
from core.timeline import Timeline
from db.timelines.frame_ranges import Span
from fer_model.classification.smoothed_timeline import smooth_timeline
from fer_model.classification.smoothing import Smoothing

#: Smoothing follows reading after reading: a page holds no more, and ends earlier.
MAX_NUM_FACES: Final = 20_000
MAX_BIN_US: Final = 300_000_000

#: After so many half-lives and stays, what was before is forgotten: less than a billionth is left of it.
_NUM_HALF_LIVES: Final = 40
_NUM_STAYS: Final = 20

SmoothSeconds = Annotated[
    float | None,
    Query(
        ge=0.01, le=5, allow_inf_nan=False, description="Smoothed values too: the half-life of a reading's weight, s."
    ),
]
StaySeconds = Annotated[
    float | None,
    Query(ge=0.1, le=10, allow_inf_nan=False, description="With `smooth`: how long an expression lasts on average, s."),
]


def smoothing_of(smooth: float | None, stay: float | None, bin_us: int | None) -> Smoothing | None:
    """Return how to smooth; None: not at all. Raises Problem where the question makes no sense."""
    if smooth is None:
        if stay is not None:
            raise Problem(422, "NOTHING_SMOOTHED", "stay goes with smooth: say smooth=0.4 as well")
        return None
    if bin_us is None or bin_us > MAX_BIN_US:
        raise Problem(422, "BIN_TOO_WIDE", f"bin: {MAX_BIN_US // 1_000_000} s at most with smooth")
    default = Smoothing()
    return Smoothing(half_life_seconds=smooth, stay_seconds=default.stay_seconds if stay is None else stay)


def lead_us(how: Smoothing) -> int:
    """Return how long before a page readings still count in it, microseconds."""
    return round((_NUM_HALF_LIVES * how.half_life_seconds + _NUM_STAYS * how.stay_seconds) * 1e6)


def bounded(raw: Timeline) -> int:
    """Return how many points of a page may be smoothed at once: one at least."""
    num_faces = 0
    for number, point in enumerate(raw.points):
        num_faces += point.num_faces
        if num_faces > MAX_NUM_FACES:
            return max(1, number)
    return len(raw.points)


def smoothed_points(
    raw: Timeline, how: Smoothing, read: Callable[[Span], Iterable[FrameObservation]]
) -> list[dict[str, Any]]:
    """Return what each point's smoothed values are. `read` gives the frames of a span, from whole bins on."""
    if not raw.points or raw.bin_us is None:
        return []
    begin_us = raw.points[0].start_us - -(-lead_us(how) // raw.bin_us) * raw.bin_us
    span = (begin_us, raw.points[-1].start_us + raw.bin_us)
    found = {point.start_us: point for point in smooth_timeline(raw, read(span), how).points}
    documents = []
    for point in raw.points:
        smoothed = found.get(point.start_us)
        probs = None if smoothed is None else smoothed.probs
        documents.append(
            {
                "smoothed_probs": None if probs is None else probs_document(probs),
                "smoothed_top": None if smoothed is None or probs is None else smoothed.top,
            }
        )
    return documents


def smoothing_document(how: Smoothing | None) -> dict[str, float] | None:
    """Say how values were smoothed."""
    return None if how is None else {
        "half_life_seconds": how.half_life_seconds,
        "stay_seconds": how.stay_seconds,
        "max_gap_seconds": how.max_gap_seconds,
    }  # fmt: skip
