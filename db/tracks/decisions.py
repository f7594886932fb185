"""Who is who in a job: decisions about its tracks, stored one after the other, and the state that they make.

The rows stay as they are. What is a subject's is worked out from rows and decisions (core.tracks.state) with each
decision, and kept in `subject_track` for records to read.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.orm import aliased

from core.errors import InputError
from core.observations import track_number
from core.people.subjects import Appearance
from core.tracks.state import Decision, DecisionKind, Tracks, WhoseFaces, find_track, standing, state_of
from core.tracks.stitching import TrackSpan
from db.people import appearances, audit
from db.people.audit import AuditAction
from db.people.subjects import get_subject, require_consent
from db.row_tables import FaceTable
from db.states import UNFINISHED, ChunkState
from db.subject_tables import AppearanceTable
from db.tables import ChunkTable, JobTable
from db.track_tables import SubjectEmbeddingTable, SubjectTrackTable, TrackDecisionTable
from db.tracks.spans import stitched_spans, stream_places

#: Columns of a decision that hold JSON lists.
_LISTS: Final = ("tracks", "missing_chunks")


def decisions_of(connection: Connection, job_id: str) -> list[Decision]:
    """Return every decision about a job's tracks, in order, undone ones too."""
    rows = connection.execute(
        select(TrackDecisionTable.__table__)
        .where(TrackDecisionTable.job_id == job_id)
        .order_by(TrackDecisionTable.number)
    )
    found = []
    for row in rows:
        fields = dict(row._mapping)
        fields.pop("job_id")
        lists = {name: tuple(json.loads(fields[name])) for name in _LISTS}
        found.append(Decision(**fields | lists))
    return found


def tracks_of(connection: Connection, job_id: str) -> Tracks:
    """Return a job's person tracks as they are now, in the order in which they begin."""
    decisions = decisions_of(connection, job_id)
    return state_of(_stitched(connection, job_id, decisions), decisions)


def assign_tracks(
    connection: Connection, job_id: str, numbers: Sequence[int], appearance: Appearance, *, actor: str
) -> Decision:
    """Say that person tracks are a subject's, who thereby appears in the media.

    Raises InputError where the subject is not there, nothing allows analysing it now, or a track is not there.
    """
    media_id = _media_of_finished(connection, job_id)
    key = get_subject(connection, appearance.subject_id).key
    appears = select(AppearanceTable.media_id).where(
        AppearanceTable.media_id == media_id, AppearanceTable.subject_key == key
    )
    is_known = connection.scalar(appears) is not None
    if not is_known or appearance.session is not None or appearance.condition is not None:
        appearances.assign(connection, media_id, appearance, actor=actor)
    require_consent(connection, media_id)
    decision = _next(connection, job_id, DecisionKind.ASSIGN, actor)
    return _decide(connection, job_id, replace(decision, tracks=tuple(numbers), subject_key=key))


def unassign_tracks(connection: Connection, job_id: str, numbers: Sequence[int], *, actor: str) -> Decision:
    """Say that person tracks are nobody's."""
    _media_of_finished(connection, job_id)
    return _decide(
        connection, job_id, replace(_next(connection, job_id, DecisionKind.ASSIGN, actor), tracks=tuple(numbers))
    )


def merge_tracks(connection: Connection, job_id: str, numbers: Sequence[int], *, actor: str) -> Decision:
    """Say that person tracks are one. Raises InputError where two are seen in the same frame."""
    _media_of_finished(connection, job_id)
    tracks = tracks_of(connection, job_id)
    whose = WhoseFaces({number: find_track(tracks, number) for number in numbers})
    chunk_tracks = {part.track for number in numbers for part in tracks[number].parts}
    one, other = aliased(FaceTable), aliased(FaceTable)
    together = connection.execute(
        select(one.pts_us, one.track.label("track"), other.track.label("other"))
        .join(other, (other.job_id == one.job_id) & (other.frame_index == one.frame_index))
        .where(one.job_id == job_id, one.track.in_(chunk_tracks), other.track.in_(chunk_tracks))
        .where(one.face_index < other.face_index)
        .order_by(one.frame_index)
    )
    for pts_us, first, second in together:
        a, b = whose.find(first, pts_us), whose.find(second, pts_us)
        if a is not None and b is not None and a.number != b.number:
            raise InputError(
                f"merge: tracks {a.number} and {b.number} are both seen at {pts_us / 1e6:g} s: two faces; "
                "split one there, or assign both to the subject if it is a mirror"
            )
    return _decide(
        connection, job_id, replace(_next(connection, job_id, DecisionKind.MERGE, actor), tracks=tuple(numbers))
    )


def split_track_at(connection: Connection, job_id: str, number: int, at_us: int, *, actor: str) -> Decision:
    """Part a person track in two at a time; the later one is nobody's, and named by its first face."""
    _media_of_finished(connection, job_id)
    track = find_track(tracks_of(connection, job_id), number)
    chunk_tracks = [part.track for part in track.parts]
    whose = WhoseFaces({number: track})
    later = connection.execute(
        select(FaceTable.frame_index, FaceTable.face_index, FaceTable.pts_us, FaceTable.track)
        .where(FaceTable.job_id == job_id, FaceTable.track.in_(chunk_tracks), FaceTable.pts_us >= at_us)
        .order_by(FaceTable.frame_index, FaceTable.face_index)
    )
    first = next((row for row in later if whose.find(row.track, row.pts_us) is not None), None)
    later.close()
    if first is None or at_us <= track.first_us:
        raise InputError(f"track {number}: is not seen both before and after {at_us / 1e6:g} s; nothing to split")
    new_track = track_number(frame_index=first.frame_index, face_index=first.face_index)
    decision = _next(connection, job_id, DecisionKind.SPLIT_AT, actor)
    return _decide(connection, job_id, replace(decision, tracks=(number,), at_us=first.pts_us, new_track=new_track))


def split_track(connection: Connection, job_id: str, number: int, *, actor: str) -> Decision:
    """Take a person track apart into the tracks that it was put together from; the first keeps its subject."""
    _media_of_finished(connection, job_id)
    return _decide(connection, job_id, replace(_next(connection, job_id, DecisionKind.SPLIT, actor), tracks=(number,)))


def undo_decision(connection: Connection, job_id: str, *, actor: str) -> Decision:
    """Take back the newest decision that stands; return that. Raises InputError where there is none."""
    _media_of_finished(connection, job_id)
    standing_now = standing(decisions_of(connection, job_id))
    if not standing_now:
        raise InputError("undo: no decision about these tracks stands")
    newest = standing_now[-1]
    _decide(connection, job_id, replace(_next(connection, job_id, DecisionKind.UNDO, actor), undoes=newest.number))
    return newest


def state_checksum(connection: Connection, job_id: str) -> str:
    """Return a SHA-256 over every face's frame and index, its person track, and whose it is."""
    whose = WhoseFaces(tracks_of(connection, job_id))
    digest = hashlib.sha256()
    for face in stream_places(connection, job_id):
        person = whose.find(face.track, face.pts_us)
        named = (None, None) if person is None else (person.number, person.subject_key)
        digest.update(json.dumps([face.frame_index, face.face_index, *named]).encode())
    return digest.hexdigest()


def _media_of_finished(connection: Connection, job_id: str) -> str:
    """Return a job's media, and hold the job until the end of the transaction: two do not decide at once."""
    job = connection.execute(
        select(JobTable.media_id, JobTable.state).where(JobTable.id == job_id).with_for_update()
    ).one()
    if job.state in UNFINISHED:
        raise InputError(f"job {job_id}: is not over, and more tracks may come; wait for it (`moodline status`)")
    return str(job.media_id)


def _next(connection: Connection, job_id: str, kind: DecisionKind, actor: str) -> Decision:
    """Return the job's next decision, not yet made, with nothing named in it."""
    missing = connection.scalars(
        select(ChunkTable.chunk_index)
        .where(ChunkTable.job_id == job_id, ChunkTable.state != ChunkState.DONE)
        .order_by(ChunkTable.chunk_index)
    )
    return Decision(
        number=len(decisions_of(connection, job_id)) + 1,
        kind=kind,
        missing_chunks=tuple(missing),
        actor=actor,
        made_at=datetime.now(UTC),
    )


def _decide(connection: Connection, job_id: str, decision: Decision) -> Decision:
    """Store a decision, if it can be made, and what is whose after it."""
    before = decisions_of(connection, job_id)
    spans = _stitched(connection, job_id, [*before, decision])
    owned_before = _owned(state_of(spans, before))
    owned = _owned(state_of(spans, [*before, decision]))  # raises where it cannot be made
    connection.execute(
        insert(TrackDecisionTable).values(
            job_id=job_id, **asdict(decision) | {name: json.dumps(getattr(decision, name)) for name in _LISTS}
        )
    )
    connection.execute(delete(SubjectEmbeddingTable).where(SubjectEmbeddingTable.job_id == job_id))
    connection.execute(delete(SubjectTrackTable).where(SubjectTrackTable.job_id == job_id))
    if owned:
        connection.execute(insert(SubjectTrackTable), [{"job_id": job_id, **values} for values in owned])
    for key in _subjects_between(owned_before, owned):
        audit.record(connection, AuditAction.TRACKS_DECIDED, actor=decision.actor, about=key, kind=decision.kind.value)
    return decision


def _stitched(connection: Connection, job_id: str, decisions: Sequence[Decision]) -> list[tuple[TrackSpan, ...]]:
    """Return a job's tracks, joined as they were when the first decision was made, whatever chunks were done since."""
    return stitched_spans(connection, job_id, chunks_apart=decisions[0].missing_chunks if decisions else ())


def _owned(tracks: Tracks) -> list[dict[str, Any]]:
    """Return what is somebody's, as rows of `subject_track` without the job."""
    return [
        {**asdict(part), "person_track": track.number, "subject_key": track.subject_key}
        for track in tracks.values()
        if track.subject_key is not None
        for part in track.parts
    ]


def _subjects_between(before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> list[str]:
    """Return the subjects for whom something is different now."""
    changed = [row for row in before if row not in after] + [row for row in after if row not in before]
    return sorted({row["subject_key"] for row in changed})
