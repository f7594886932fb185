"""Who is who is a list of decisions: what it says now is made of all that stand, and undoing restores it to the bit."""

import random

import pytest

from core.errors import InputError
from core.media import ChunkSpan
from core.observations import FrameObservation, track_number
from core.people.subjects import Appearance
from db.people import audit
from db.people.appearances import appearances_in, remove
from db.people.erasure import erase_subject
from db.people.studies import add_study
from db.people.subjects import add_subject, get_subject, withdraw
from db.queue.control import resume
from db.queue.ledger import claim_next, commit_chunk, fail_chunk
from db.records import Fault, JobRecord
from db.store import Store
from db.tracks.decisions import (
    assign_tracks,
    decisions_of,
    merge_tracks,
    split_track,
    split_track_at,
    state_checksum,
    tracks_of,
    unassign_tracks,
    undo_decision,
)
from tests.factories import make_consent, make_face, make_face_observation, make_frame_observation, make_study
from tests.stored_generations import request_for, store_generation, submit_generation, work_off

pytestmark = pytest.mark.thorough

FPS = 10
#: Left edges of three people who sit still; the third comes after five seconds of each chunk.
LEFTS = (0.0, 200.0, 400.0)
ANNA, BEN = Appearance(subject_id="anna"), Appearance(subject_id="ben")


def three_people(span: ChunkSpan) -> list[FrameObservation]:
    """Two faces every tenth of a second; a third from the middle of each chunk on, up to a second before its end."""
    frames = []
    for step in range(10 * FPS):
        index = span.chunk_index * 10 * FPS + step
        first = span.chunk_index * 10 * FPS
        middle = first + 5 * FPS
        starts = [first, first, middle] if middle <= index < first + 85 else [first, first]
        faces = [
            make_face_observation(
                face_index=person,
                face=make_face(box=(LEFTS[person], 10.0, LEFTS[person] + 80, 100.0)),
                track=track_number(frame_index=start, face_index=person),
            )
            for person, start in enumerate(starts)
        ]
        frames.append(make_frame_observation(pts_us=index * 100_000, frame_index=index, faces=faces))
    return frames


@pytest.fixture
def job(people: Store) -> JobRecord:
    """Two chunks of three people."""
    return store_generation(people, request_for("party"), three_people)


@pytest.fixture
def people(store: Store) -> Store:
    """A store with two subjects."""
    with store.writing() as connection:
        add_study(connection, make_study(), actor="tester")
        for subject in ("anna", "ben"):
            add_subject(connection, subject, make_consent(), study_id="moods", group=None, actor="tester")
    return store


LEFT, RIGHT = 0, 1
LATE, LATE_AGAIN = track_number(frame_index=50, face_index=2), track_number(frame_index=150, face_index=2)


def numbers(store: Store, job: JobRecord) -> list[int]:
    with store.reading() as connection:
        return list(tracks_of(connection, job.id))


def checksum(store: Store, job: JobRecord) -> str:
    with store.reading() as connection:
        return state_checksum(connection, job.id)


def test_tracks_are_joined_over_chunks_and_only_where_faces_go_on(store: Store, job: JobRecord):
    assert numbers(store, job) == [LEFT, RIGHT, LATE, LATE_AGAIN]
    with store.reading() as connection:
        left = tracks_of(connection, job.id)[LEFT]
    assert [part.track for part in left.parts] == [0, track_number(frame_index=100, face_index=0)]
    assert (left.first_us, left.last_us) == (0, 19_900_000)


def test_assigning_makes_the_appearance_and_is_logged_by_key(store: Store, job: JobRecord):
    with store.writing() as connection:
        assign_tracks(connection, job.id, [LEFT], ANNA, actor="tester")
        assert appearances_in(connection, job.media_id) == [ANNA]
        key = get_subject(connection, "anna").key
        assert tracks_of(connection, job.id)[LEFT].subject_key == key
        logged = [entry for entry in audit.entries(connection) if entry.action == "tracks decided"]
        assert [(entry.about, entry.detail) for entry in logged] == [(key, {"kind": "assign"})]


def test_assigning_needs_consent(store: Store, job: JobRecord):
    with store.writing() as connection:
        withdraw(connection, "anna", actor="tester")
    with store.writing() as connection, pytest.raises(InputError, match="no consent or other basis holds now"):
        assign_tracks(connection, job.id, [LEFT], ANNA, actor="tester")


def test_every_decision_is_undone_to_the_bit(store: Store, job: JobRecord):
    draw = random.Random(5)
    states = [checksum(store, job)]
    with store.writing() as connection:
        for decide in (
            lambda: assign_tracks(connection, job.id, [LEFT, LATE], ANNA, actor="tester"),
            lambda: merge_tracks(connection, job.id, [LATE, LATE_AGAIN], actor="tester"),
            lambda: assign_tracks(connection, job.id, [RIGHT], BEN, actor="tester"),
            lambda: split_track_at(connection, job.id, LEFT, draw.randrange(1, 19_000_000), actor="tester"),
            lambda: split_track(connection, job.id, RIGHT, actor="tester"),
            lambda: split_track(connection, job.id, LATE, actor="tester"),
            lambda: unassign_tracks(connection, job.id, [RIGHT], actor="tester"),
        ):
            decide()
            states.append(state_checksum(connection, job.id))
        assert len(set(states)) == len(states)
        for before in states[-2::-1]:
            undo_decision(connection, job.id, actor="tester")
            assert state_checksum(connection, job.id) == before
        assert [each.number for each in decisions_of(connection, job.id)] == list(range(1, 15))
        with pytest.raises(InputError, match="no decision about these tracks stands"):
            undo_decision(connection, job.id, actor="tester")


def test_what_is_split_off_is_nobodys_and_named_by_its_first_face(store: Store, job: JobRecord):
    with store.writing() as connection:
        assign_tracks(connection, job.id, [LEFT], ANNA, actor="tester")
        split_track_at(connection, job.id, LEFT, 3_333_000, actor="tester")
        tracks = tracks_of(connection, job.id)
    later = tracks[track_number(frame_index=34, face_index=0)]
    assert later.subject_key is None
    assert (tracks[LEFT].last_us, later.first_us, later.last_us) == (3_399_999, 3_400_000, 19_900_000)


def test_two_faces_of_one_frame_are_not_merged(store: Store, job: JobRecord):
    with store.writing() as connection, pytest.raises(InputError, match="tracks 0 and 1 are both seen at 0 s"):
        merge_tracks(connection, job.id, [LEFT, RIGHT], actor="tester")


def test_tracks_of_different_subjects_are_not_merged(store: Store, job: JobRecord):
    with store.writing() as connection:
        assign_tracks(connection, job.id, [LATE], ANNA, actor="tester")
        assign_tracks(connection, job.id, [LATE_AGAIN], BEN, actor="tester")
        with pytest.raises(InputError, match="different subjects'"):
            merge_tracks(connection, job.id, [LATE, LATE_AGAIN], actor="tester")


def test_what_cannot_be_is_refused_in_a_line(store: Store, job: JobRecord):
    with store.writing() as connection:
        with pytest.raises(InputError, match="track 77: there is none"):
            assign_tracks(connection, job.id, [77], ANNA, actor="tester")
        with pytest.raises(InputError, match="not seen both before and after 25 s"):
            split_track_at(connection, job.id, LEFT, 25_000_000, actor="tester")
        with pytest.raises(InputError, match="was not put together"):
            split_track(connection, job.id, LATE, actor="tester")
        with pytest.raises(InputError, match="name two tracks"):
            merge_tracks(connection, job.id, [LEFT, LEFT], actor="tester")


def test_tracks_of_a_job_that_is_not_over_are_not_decided_about(store: Store):
    waiting = submit_generation(store, request_for("later"))
    with store.writing() as connection, pytest.raises(InputError, match="is not over"):
        merge_tracks(connection, waiting.id, [0, 1], actor="tester")


def test_erasing_one_leaves_the_others_state(store: Store, job: JobRecord):
    with store.writing() as connection:
        assign_tracks(connection, job.id, [RIGHT], BEN, actor="tester")
        alone = state_checksum(connection, job.id)
        assign_tracks(connection, job.id, [LEFT, LATE], ANNA, actor="tester")
        key = get_subject(connection, "anna").key
        removed = erase_subject(connection, "anna", actor="tester").num_rows_by_table
        assert removed["subject_track"] == 3
        assert state_checksum(connection, job.id) == alone
        assert key not in {each.subject_key for each in decisions_of(connection, job.id)}


def test_a_subject_is_not_absent_where_tracks_are_its_own(store: Store, job: JobRecord):
    with store.writing() as connection:
        assign_tracks(connection, job.id, [LEFT], ANNA, actor="tester")
        with pytest.raises(InputError, match="say first that they are not"):
            remove(connection, job.media_id, "anna", actor="tester")
        unassign_tracks(connection, job.id, [LEFT], actor="tester")
        remove(connection, job.media_id, "anna", actor="tester")


def test_a_chunk_that_is_done_later_changes_nothing_that_was_decided(people: Store):
    other = submit_generation(people, request_for("party again", num_chunks=3))
    with people.writing() as connection:
        claims = [claim_next(connection, other.id, lease_owner="a", lease_seconds=60) for _ in range(3)]
        for claim in claims:
            assert claim is not None
            if claim.span.chunk_index == 1:
                fail_chunk(connection, claim, Fault(code="SOURCE_MISSING", message="the file is gone"))
            else:
                commit_chunk(connection, claim, three_people(claim.span))
        last = track_number(frame_index=200, face_index=0)
        assign_tracks(connection, other.id, [last], ANNA, actor="tester")
        resume(connection, other.id)
    work_off(people, other, three_people)
    assert numbers(people, other).count(last) == 1
    with people.writing() as connection:
        assert undo_decision(connection, other.id, actor="tester").tracks == (last,)
