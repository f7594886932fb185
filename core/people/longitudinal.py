"""A person's record over days to months: means over sessions, their uncertainty, coverage, gaps. No SQL.

Frames of one sitting resemble each other, so they are not what the uncertainty is counted over: **the session is**. A
bin's value is the mean of its sessions' means, each session weighing the same however long it was, and its interval is
Student's over sessions. A bin with too little in it says so, and has no value: it is never zero.
"""

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from core.calendar_bins import BinWidth, as_datetime, bin_of, bins_in
from core.emotions import EMOTIONS
from core.time_ranges import EVERYTHING, TimeRange

CONFIDENCE: Final = 0.95

#: Valence is the probability of happy less those of these; surprise and neutral weigh nothing. From -1 to 1.
NEGATIVE: Final = ("angry", "disgust", "fear", "sad")

#: What is told of a bin besides the seven probabilities.
VALENCE: Final = "valence"
MEASURES: Final = (*EMOTIONS, VALENCE)

_UTC: Final = ZoneInfo("UTC")


@dataclass(frozen=True, kw_only=True)
class SessionBin:
    """What was seen of a subject in one media within one narrow bin of wall clock."""

    start_us: int  # since 1970 in UTC
    session: str  # which sitting
    condition: str | None
    num_frames: int
    num_face_frames: int
    num_rejected_frames: int  # of the face frames, those in which no reading counted
    num_undecodable_frames: int
    num_faces: int  # counted readings
    sum_probs: tuple[float, ...]  # (7,) of these


@dataclass(frozen=True, kw_only=True)
class Enough:
    """How much a bin must hold to have a value."""

    min_readings: int = 10
    min_sessions: int = 1


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A mean over sessions, with its interval where there are at least two."""

    mean: float
    low: float | None  # of the 95 % interval; None: one session says nothing of how sessions differ
    high: float | None


@dataclass(frozen=True, kw_only=True)
class LongitudinalPoint:
    """One bin of a subject's record."""

    start: datetime  # aware, in the zone that was asked for
    end: datetime  # exclusive
    num_sessions: int  # with a counted reading
    num_frames: int  # sampled
    num_face_frames: int
    num_rejected_frames: int
    num_undecodable_frames: int
    num_readings: int  # counted
    estimates: dict[str, Estimate] | None  # by MEASURES; None: insufficient

    @property
    def coverage(self) -> float | None:
        """Share of the sampled frames in which a reading counted; None: no frame was sampled."""
        return (self.num_face_frames - self.num_rejected_frames) / self.num_frames if self.num_frames else None


def points_of(
    bins: Iterable[SessionBin], *, width: BinWidth, zone: ZoneInfo, enough: Enough, span: TimeRange = EVERYTHING
) -> tuple[LongitudinalPoint, ...]:
    """Put narrow bins together to those that were asked for: from first to last, or those that begin in a range."""
    found = list(bins)
    starts = [each.start_us for each in found]
    if not found and (span.from_us is None or span.until_us is None):
        return ()
    borders = bins_in(span, min(starts, default=0), max(starts, default=0), width, zone)
    held: dict[int, _Held] = defaultdict(_Held)
    for each in found:
        if borders and borders[0] <= each.start_us < borders[-1]:
            held[bin_of(each.start_us, borders)].add(each)
    nothing = _Held()
    return tuple(
        held.get(index, nothing).point(as_datetime(start, zone), as_datetime(end, zone), enough)
        for index, (start, end) in enumerate(pairwise(borders))
    )


def one_point_of(bins: Iterable[SessionBin], enough: Enough) -> LongitudinalPoint:
    """Put bins together to one, whatever lies between them; there must be at least one."""
    held, found = _Held(), list(bins)
    for each in found:
        held.add(each)
    starts = [each.start_us for each in found]
    return held.point(as_datetime(min(starts), _UTC), as_datetime(max(starts), _UTC), enough)


def valence(probs: Sequence[float]) -> float:
    """Return happy less angry, disgust, fear and sad: -1 to 1."""
    of = dict(zip(EMOTIONS, probs, strict=True))
    return of["happy"] - sum(of[name] for name in NEGATIVE)


def estimate(values: Sequence[float]) -> Estimate:
    """Mean of one value or more, with Student's 95 % interval where there are two."""
    mean = math.fsum(values) / len(values)
    if len(values) < 2:
        return Estimate(mean=mean, low=None, high=None)
    half = half_width(statistics.stdev(values), len(values))
    return Estimate(mean=mean, low=mean - half, high=mean + half)


def half_width(deviation: float, num_values: int) -> float:
    """Half of Student's 95 % interval of a mean over so many values."""
    from scipy.special import stdtrit  # a tenth of a second that most commands need not spend

    return float(stdtrit(num_values - 1, (1 + CONFIDENCE) / 2) * deviation / math.sqrt(num_values))


@dataclass(kw_only=True)
class _Held:
    """What a bin holds."""

    num_frames: int = 0
    num_face_frames: int = 0
    num_rejected_frames: int = 0
    num_undecodable_frames: int = 0
    sums: dict[str, list[float]] = field(default_factory=dict)  # by session: its summed probs, and how many they are

    def add(self, each: SessionBin) -> None:
        self.num_frames += each.num_frames
        self.num_face_frames += each.num_face_frames
        self.num_rejected_frames += each.num_rejected_frames
        self.num_undecodable_frames += each.num_undecodable_frames
        if each.num_faces:
            more = (*each.sum_probs, each.num_faces)
            before = self.sums.get(each.session, (0.0,) * len(more))
            self.sums[each.session] = [a + b for a, b in zip(before, more, strict=True)]

    def point(self, start: datetime, end: datetime, enough: Enough) -> LongitudinalPoint:
        num_readings = int(sum(sums[-1] for sums in self.sums.values()))
        is_enough = num_readings >= max(1, enough.min_readings) and len(self.sums) >= enough.min_sessions
        return LongitudinalPoint(
            start=start,
            end=end,
            num_sessions=len(self.sums),
            num_frames=self.num_frames,
            num_face_frames=self.num_face_frames,
            num_rejected_frames=self.num_rejected_frames,
            num_undecodable_frames=self.num_undecodable_frames,
            num_readings=num_readings,
            estimates=self._estimates() if is_enough else None,
        )

    def _estimates(self) -> dict[str, Estimate]:
        means = [[total / sums[-1] for total in sums[:-1]] for _, sums in sorted(self.sums.items())]
        values = [[*probs, valence(probs)] for probs in means]  # one row a session
        return {name: estimate(column) for name, column in zip(MEASURES, zip(*values, strict=True), strict=True)}
