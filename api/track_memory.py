"""The person tracks of jobs that are over, remembered: to work them out, every face row of a job is passed over."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from core.tracks.document import TrackFigures
from core.tracks.state import Decision, Tracks
from db.records import JobRecord
from db.states import UNFINISHED
from db.tracks.decisions import decisions_of, tracks_of
from db.tracks.spans import figures_of

_MAX_KNOWN: Final = 64


@dataclass(frozen=True, kw_only=True)
class KnownTracks:
    """A job's person tracks as its decisions make them."""

    over_at: datetime | None  # when the job was over: resumed, it may get more tracks
    decisions: tuple[Decision, ...]  # in order, undone ones too
    tracks: Tracks
    figures: dict[int, TrackFigures]  # by the track's number


class TrackMemory:
    """Remembers tracks for as long as rows and decisions are the same. Threads may share it."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, KnownTracks] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, connection: Any, job: JobRecord) -> KnownTracks:
        """Return a job's tracks as they are now; `connection` reads the store."""
        decisions = tuple(decisions_of(connection, job.id))
        with self._lock:
            known = self._known.get(job.id)
            if known is not None and (known.over_at, known.decisions) == (job.finished_at, decisions):
                self._known.move_to_end(job.id)
                return known
        tracks = tracks_of(connection, job.id)
        figures = figures_of(connection, job.id, list(tracks.values()))
        known = KnownTracks(over_at=job.finished_at, decisions=decisions, tracks=tracks, figures=figures)
        if job.state not in UNFINISHED:
            with self._lock:
                self._known[job.id] = known
                while len(self._known) > _MAX_KNOWN:
                    self._known.popitem(last=False)
        return known
