"""A timeline: what the faces of a media appeared to show, binned by presentation time. Values and arithmetic, no SQL.

Nothing is interpolated: a bin in which no frame was sampled is a point without probabilities, drawn as a gap.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.emotions import top_emotion
from core.errors import InputError
from core.frames import FrameStatus
from core.media import DetectorKind
from core.observations import FrameObservation

MIN_BIN_US = 1_000
MAX_NUM_POINTS = 1_000_000  # at 0.1 s this is 28 hours; a damaged timestamp must not fill the memory with gaps


@dataclass(frozen=True, kw_only=True)
class TimelinePoint:
    """One bin of a timeline."""

    start_us: int  # presentation time at which the bin starts, inclusive
    num_frames: int  # sampled frames, whatever they showed; 0: a gap
    num_face_frames: int  # of these, frames in which a face was found
    num_rejected_frames: int  # of the face frames, those in which every reading abstained
    num_undecodable_frames: int  # of the sampled frames, those whose bytes are damaged
    num_faces: int  # face observations that are counted: all that did not abstain
    probs: tuple[float, ...] | None  # (7,) over core.emotions.EMOTIONS, mean of the counted faces; None: nobody counted
    top: str | None  # name of the emotion that the bin shows most; None: nobody counted

    @property
    def start_seconds(self) -> float:
        """Presentation time at which the bin starts, seconds."""
        return self.start_us / 1e6


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """The points of one job, contiguous from its first sampled frame's bin to its last's."""

    media_id: str
    job_id: str
    bin_us: int | None  # width of a bin; None: the whole media is one bin, which starts at the first sampled frame
    points: tuple[TimelinePoint, ...]  # rising in time, one a bin; empty: no frame was sampled
    model_name: str
    model_version: str  # id of the model version
    detector: DetectorKind
    smoothed: bool  # true: the readings were smoothed over time before they were binned

    def to_pandas(self) -> Any:
        """Return a pandas.DataFrame, a row a bin; its columns: core.exports.timeline_rows."""
        from core.exports.timeline_rows import timeline_table

        return timeline_table(self).to_pandas()


def bin_start_us(pts_us: int, bin_us: int) -> int:
    """Return the start of the bin that holds `pts_us`: bin n holds n * bin_us <= pts_us < (n + 1) * bin_us."""
    return pts_us // bin_us * bin_us  # Python's // is a true floor: -1 // 100 == -1


def bin_observations(frames: Iterable[FrameObservation], *, bin_us: int | None) -> tuple[TimelinePoint, ...]:
    """Bin frames by presentation time; `bin_us` None makes one bin of all. Keeps readings, not frames."""
    check_bin_us(bin_us)
    bins: dict[int, _Bin] = {}
    first_us: int | None = None
    for frame in frames:
        first_us = frame.pts_us if first_us is None else min(first_us, frame.pts_us)
        bins.setdefault(0 if bin_us is None else bin_start_us(frame.pts_us, bin_us), _Bin()).add(frame)
    if bin_us is None and first_us is not None:
        bins = {first_us: bins[0]}
    return fill_gaps({start_us: held.point(start_us) for start_us, held in bins.items()}, bin_us=bin_us)


def fill_gaps(points: Mapping[int, TimelinePoint], *, bin_us: int | None) -> tuple[TimelinePoint, ...]:
    """Return the points, keyed by start_us, in order of time with an empty point for each bin that has none."""
    if not points or bin_us is None:
        return tuple(points.values())
    first_us, last_us = min(points), max(points)
    check_num_points(first_us, last_us, bin_us)
    starts_us = range(first_us, last_us + 1, bin_us)
    return tuple(points.get(start_us) or empty_point(start_us) for start_us in starts_us)


def empty_point(start_us: int) -> TimelinePoint:
    """Return a gap: a bin in which no frame was sampled."""
    return _Bin().point(start_us)


def check_bin_us(bin_us: int | None) -> None:
    """Raise InputError for a bin that is too narrow."""
    if bin_us is not None and bin_us < MIN_BIN_US:
        raise InputError(f"a bin must be at least 0.001 seconds, got {bin_us / 1e6:g}: choose a wider bin")


def check_num_points(first_us: int, last_us: int, bin_us: int) -> None:
    """Raise InputError where the bins from `first_us` to `last_us` would be too many to hold."""
    num_points = last_us // bin_us - first_us // bin_us + 1
    if num_points > MAX_NUM_POINTS:
        raise InputError(
            f"bins of {bin_us / 1e6:g} s over {(last_us - first_us) / 1e6:g} s make {num_points} points, "
            f"more than {MAX_NUM_POINTS}: choose a wider bin"
        )


class _Bin:
    """What is kept of the frames of a bin while they pass."""

    def __init__(self) -> None:
        self._statuses: Counter[FrameStatus] = Counter()
        self._num_rejected_frames = 0
        self._counted: list[tuple[float, ...]] = []  # probabilities of each face that did not abstain

    def add(self, frame: FrameObservation) -> None:
        counted = [face.reading.probs for face in frame.faces if not face.reading.abstained]
        self._statuses[frame.status] += 1
        self._num_rejected_frames += bool(frame.faces) and not counted
        self._counted.extend(counted)

    def point(self, start_us: int) -> TimelinePoint:
        num_faces = len(self._counted)
        sums = [math.fsum(column) for column in zip(*self._counted, strict=True)]
        probs = tuple(total / num_faces for total in sums) if num_faces else None
        return TimelinePoint(
            start_us=start_us,
            num_frames=self._statuses.total(),
            num_face_frames=self._statuses[FrameStatus.FACE],
            num_rejected_frames=self._num_rejected_frames,
            num_undecodable_frames=self._statuses[FrameStatus.UNDECODABLE],
            num_faces=num_faces,
            probs=probs,
            top=None if probs is None else top_emotion(probs),
        )
