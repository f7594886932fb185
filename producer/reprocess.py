"""Reprocessing: stored media are analysed again with another model, a new generation beside the old one.

Jobs are made a few at a time, each few in a transaction, and a media that has its job is left alone: a run that was
killed is continued by the same call.
"""

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Final

from core.media import AnalysisParameters, DetectorKind
from db.records import ModelVersion
from db.reprocessing import ActiveGeneration, Candidate, RunKey, list_candidates, newest_runs, submit_again
from db.states import JobState, MediaKind
from db.store import Store

#: Below what people submit (5): a reprocess gets what they leave.
REPROCESS_PRIORITY: Final = 1

#: So many media are looked at in one transaction that reads, and so many jobs made in one that writes.
_NUM_MEDIA_AT_ONCE: Final = 200
_NUM_JOBS_AT_ONCE: Final = 10


class Skipped(StrEnum):
    """Why a selected media gets no new job."""

    CAMERA = "camera"  # a camera's stretch: its pictures were not kept
    NOT_ANALYSED = "not_analysed"  # no finished generation to put one beside: it is to be submitted first
    DONE = "done"  # this model version has been through it with these parameters
    UNDER_WAY = "under_way"  # it was asked for before and is not over
    FAILED = "failed"  # it was tried and nothing could be committed: `moodline resume` tries again
    NOT_ALLOWED = "not_allowed"  # somebody who is in it gave no consent that holds now, or withdrew it
    CANCELLED = "cancelled"  # somebody gave it up: only `moodline submit --force` makes another run


_SKIPPED_BY_STATE: Final = {
    JobState.PENDING: Skipped.UNDER_WAY,
    JobState.RUNNING: Skipped.UNDER_WAY,
    JobState.DONE: Skipped.DONE,
    JobState.COMPLETED_WITH_ERRORS: Skipped.DONE,
    JobState.FAILED: Skipped.FAILED,
    JobState.CANCELLED: Skipped.CANCELLED,
}


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which media are meant: those to which all of this applies."""

    subject_id: str | None = None  # in which this subject is said to be
    since: datetime | None = None  # filmed then or later; where that is not known, first submitted then
    path_pattern: str | None = None  # shell pattern over the whole path as last seen; * matches / too
    active_model: str | None = None  # name or version of the model that speaks for it now

    def applies_to(self, candidate: Candidate) -> bool:
        """Say whether a media is meant, apart from `since` and `subject_id`, which the store looks at."""
        active = candidate.active
        names = (active.model_name, active.model_version_id) if active else ()
        return (self.path_pattern is None or fnmatchcase(candidate.path, self.path_pattern)) and (
            self.active_model is None or self.active_model in names
        )


@dataclass(frozen=True, kw_only=True)
class ParameterChanges:
    """What is to differ from the active generation's parameters, beside the model. None: nothing."""

    sample_rate_hz: float | None = None
    min_face_px: int | None = None
    min_score: float | None = None
    keep_landmarks: bool | None = None
    detector: DetectorKind | None = None

    def applied_to(self, parameters: AnalysisParameters) -> AnalysisParameters:
        """Return the parameters with these changes."""
        changes = {name: value for name, value in dataclasses.asdict(self).items() if value is not None}
        return dataclasses.replace(parameters, **changes)


@dataclass(frozen=True, kw_only=True)
class ReprocessRequest:
    """Which media are to be analysed again, with what."""

    model_version: ModelVersion
    selection: Selection
    changes: ParameterChanges = field(default_factory=ParameterChanges)
    priority: int = REPROCESS_PRIORITY  # 0 to 9, 9 first


@dataclass(frozen=True, kw_only=True)
class ReprocessTotals:
    """What a reprocess did, or would do."""

    num_media: int = 0  # that get a job
    num_chunks: int = 0
    duration_us: int = 0
    num_skipped: Counter[Skipped] = field(default_factory=Counter)

    def __add__(self, other: "ReprocessTotals") -> "ReprocessTotals":
        """Join what was done with more media."""
        return ReprocessTotals(
            num_media=self.num_media + other.num_media,
            num_chunks=self.num_chunks + other.num_chunks,
            duration_us=self.duration_us + other.duration_us,
            num_skipped=self.num_skipped + other.num_skipped,
        )


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """A job that is to be."""

    active: ActiveGeneration
    parameters: AnalysisParameters  # of the new one
    duration_us: int


@dataclass(frozen=True, kw_only=True)
class _Page:
    wanted: list[_Wanted]
    num_skipped: Counter[Skipped]


def plan_reprocess(store: Store, request: ReprocessRequest) -> ReprocessTotals:
    """Return what `reprocess` would do. Writes nothing."""
    return sum(
        (_totals_of(page.wanted) + ReprocessTotals(num_skipped=page.num_skipped) for page in _pages(store, request)),
        ReprocessTotals(),
    )


def reprocess(
    store: Store, request: ReprocessRequest, *, on_batch: Callable[[ReprocessTotals], None]
) -> ReprocessTotals:
    """Make the jobs of a reprocess; readers keep what they read. `on_batch` gets the totals after each transaction."""
    totals = ReprocessTotals()
    for page in _pages(store, request):
        for start in range(0, len(page.wanted), _NUM_JOBS_AT_ONCE):
            wanted = page.wanted[start : start + _NUM_JOBS_AT_ONCE]
            with store.writing() as connection:
                for media in wanted:
                    submit_again(
                        connection,
                        media.active.job_id,
                        model_version=request.model_version,
                        parameters=media.parameters,
                        priority=request.priority,
                    )
            totals += _totals_of(wanted)
            on_batch(totals)
        totals += ReprocessTotals(num_skipped=page.num_skipped)
    return totals


def _pages(store: Store, request: ReprocessRequest) -> Iterator[_Page]:
    """Yield page after page of media with what is to be done about them, each as it stands when it is read."""
    last_media_id = ""
    while True:
        with store.reading() as connection:
            page = list_candidates(
                connection,
                after_media_id=last_media_id,
                limit=_NUM_MEDIA_AT_ONCE,
                since=request.selection.since,
                subject_id=request.selection.subject_id,
            )
            media_ids = [candidate.media_id for candidate in page]
            runs = newest_runs(connection, media_ids, request.model_version.id)
        if not page:
            return
        last_media_id = media_ids[-1]
        chosen = [candidate for candidate in page if request.selection.applies_to(candidate)]
        yield _decide_all(chosen, runs, request)


def _decide_all(candidates: list[Candidate], runs: dict[RunKey, JobState], request: ReprocessRequest) -> _Page:
    wanted: list[_Wanted] = []
    num_skipped: Counter[Skipped] = Counter()
    for candidate in candidates:
        decided = _decide(candidate, runs, request)
        if isinstance(decided, Skipped):
            num_skipped[decided] += 1
        else:
            wanted.append(decided)
    return _Page(wanted=wanted, num_skipped=num_skipped)


def _totals_of(wanted: list[_Wanted]) -> ReprocessTotals:
    return ReprocessTotals(
        num_media=len(wanted),
        num_chunks=sum(media.active.num_chunks for media in wanted),
        duration_us=sum(media.duration_us for media in wanted),
    )


def _decide(candidate: Candidate, runs: dict[RunKey, JobState], request: ReprocessRequest) -> _Wanted | Skipped:
    active = candidate.active
    if candidate.kind is MediaKind.CAMERA:
        return Skipped.CAMERA
    if active is None:
        return Skipped.NOT_ANALYSED
    if not candidate.is_allowed:
        return Skipped.NOT_ALLOWED
    parameters = request.changes.applied_to(active.parameters)
    state = runs.get(RunKey(owner=active.owner, media_id=candidate.media_id, parameters=parameters))
    if state is not None:
        return _SKIPPED_BY_STATE[state]
    return _Wanted(active=active, parameters=parameters, duration_us=candidate.duration_us)
