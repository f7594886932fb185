"""A media's person tracks, and what people decide about them: merged, split, assigned, undone."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.documents.documents import analysed_document
from api.documents.examples import DECISION, TRACKS, answered
from api.paging import cursor_of, read_cursor
from api.parts import Cursor, Limit, MediaId, OwnerOf, Parts, PartsOf
from api.problems import Problem, documented
from api.requests.record_questions import PLAIN
from api.routes.media import readable_job
from api.submitting import no_subject
from core.documents import NOTICE
from core.people.subjects import Appearance, Subject
from core.tracks.document import decision_document, track_document
from core.tracks.state import Decision, standing
from db.archive.owned import LOCAL_OWNER
from db.people.subjects import list_subjects
from db.records import JobRecord
from db.states import UNFINISHED
from db.timelines.analysed import analysed
from db.tracks import decisions as track_decisions

router = APIRouter(prefix="/v1/media", tags=["tracks"])

_Track = Annotated[int, Field(ge=0, le=2**53)]
_Tracks = Annotated[list[_Track], Field(min_length=1, max_length=1000, description="Numbers, as the list has them.")]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Merge(_Asked):
    """Tracks that are one person's."""

    tracks: _Tracks


class Split(_Asked):
    """A track that is several."""

    track: _Track
    at_seconds: float | None = Field(
        None, ge=-1e9, le=1e9, allow_inf_nan=False, description="From then on it is another; none: back into its parts."
    )


class Assign(_Asked):
    """Whose tracks are."""

    tracks: _Tracks
    subject: str | None = Field(None, pattern=PLAIN, description="A pseudonym; none: nobody's.")
    session: str | None = Field(None, pattern=PLAIN, description="The sitting that it was filmed in.")
    condition: str | None = Field(None, pattern=PLAIN, description="The study's condition.")


@router.get("/{media_id}/tracks", responses=documented() | answered(TRACKS))
def show_tracks(
    parts: PartsOf,
    owner: OwnerOf,
    media_id: MediaId,
    min_seconds: Annotated[
        float, Query(ge=0, le=86_400, allow_inf_nan=False, description="Shorter ones only where they are a subject's.")
    ] = 0.5,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> dict[str, Any]:
    """List a media's person tracks in the order in which they begin: when seen, what they appear to show, whose."""
    after = None if cursor is None else tuple(read_cursor(cursor, int, int))
    job = readable_job(parts, owner, media_id)
    with parts.store.reading() as connection:
        there = analysed(connection, job)
        known = parts.tracks.of(connection, job)
    subjects = _subjects(parts, owner)
    shown = [
        track
        for track in known.tracks.values()
        if (track.seconds >= min_seconds or track.subject_key is not None)
        and (after is None or (track.first_us, track.number) > after)
    ]
    page = shown[:limit]
    stand = {each.number for each in standing(known.decisions)}
    return {
        "media_id": media_id,
        "job_id": job.id,
        "model_version": job.model_version_id,
        **analysed_document(job, there),
        "notice": NOTICE,
        "num_tracks": len(known.tracks),
        "tracks": [track_document(track, known.figures[track.number], subjects) for track in page],
        "decisions": [decision_document(each, subjects, standing=stand) for each in known.decisions],
        "next_cursor": cursor_of(page[-1].first_us, page[-1].number) if len(shown) > limit else None,
    }


@router.post("/{media_id}/tracks/merge", responses=documented(400, 409, 411, 413) | answered(DECISION))
def merge_tracks(parts: PartsOf, owner: OwnerOf, media_id: MediaId, asked: Merge) -> dict[str, Any]:
    """Say that tracks are one person's: they become one, under the number of the first."""
    job = _decidable(parts, owner, media_id)
    with parts.store.writing() as connection:
        made = track_decisions.merge_tracks(connection, job.id, asked.tracks, actor=_actor(owner))
    return _decided(parts, owner, job, made)


@router.post("/{media_id}/tracks/split", responses=documented(400, 409, 411, 413) | answered(DECISION))
def split_track(parts: PartsOf, owner: OwnerOf, media_id: MediaId, asked: Split) -> dict[str, Any]:
    """Part a track in two at a time, or into what it was put together from. What is split off is nobody's."""
    job = _decidable(parts, owner, media_id)
    with parts.store.writing() as connection:
        if asked.at_seconds is None:
            made = track_decisions.split_track(connection, job.id, asked.track, actor=_actor(owner))
        else:
            at_us = round(asked.at_seconds * 1e6)
            made = track_decisions.split_track_at(connection, job.id, asked.track, at_us, actor=_actor(owner))
    return _decided(parts, owner, job, made)


@router.post("/{media_id}/tracks/assign", responses=documented(400, 409, 411, 413) | answered(DECISION))
def assign_tracks(parts: PartsOf, owner: OwnerOf, media_id: MediaId, asked: Assign) -> dict[str, Any]:
    """Say whose tracks are: a subject's with a consent that holds, or nobody's."""
    job = _decidable(parts, owner, media_id)
    if asked.subject is None and (asked.session is not None or asked.condition is not None):
        raise Problem(422, "NOBODY_NAMED", "session and condition are a subject's: name it as well")
    if asked.subject is not None and asked.subject not in {each.id for each in _subjects(parts, owner).values()}:
        raise no_subject(asked.subject)
    with parts.store.writing() as connection:
        if asked.subject is None:
            made = track_decisions.unassign_tracks(connection, job.id, asked.tracks, actor=_actor(owner))
        else:
            said = Appearance(subject_id=asked.subject, session=asked.session, condition=asked.condition)
            made = track_decisions.assign_tracks(connection, job.id, asked.tracks, said, actor=_actor(owner))
    return _decided(parts, owner, job, made)


@router.post("/{media_id}/tracks/undo", responses=documented(400, 409, 411, 413) | answered(DECISION))
def undo_decision(parts: PartsOf, owner: OwnerOf, media_id: MediaId) -> dict[str, Any]:
    """Take back the newest decision that stands, and tell which that was."""
    job = _decidable(parts, owner, media_id)
    with parts.store.writing() as connection:
        undone = track_decisions.undo_decision(connection, job.id, actor=_actor(owner))
    return _decided(parts, owner, job, undone)


def _decidable(parts: Parts, owner: str, media_id: str) -> JobRecord:
    job = readable_job(parts, owner, media_id)
    if job.state in UNFINISHED:
        raise Problem(409, "JOB_NOT_OVER", f"job {job.id} is {job.state} and more tracks may come: wait for its end")
    return job


def _decided(parts: Parts, owner: str, job: JobRecord, decision: Decision) -> dict[str, Any]:
    with parts.store.reading() as connection:
        stand = {each.number for each in standing(track_decisions.decisions_of(connection, job.id))}
    return {
        "media_id": job.media_id,
        "job_id": job.id,
        "decision": decision_document(decision, _subjects(parts, owner), standing=stand),
        "notice": NOTICE,
    }


def _subjects(parts: Parts, owner: str) -> dict[str, Subject]:
    """Return whom the owner may name, by key: subjects are `local`'s."""
    if owner != LOCAL_OWNER:
        return {}
    with parts.store.reading() as connection:
        return {subject.key: subject for subject in list_subjects(connection)}


def _actor(owner: str) -> str:
    return f"api:{owner}"
