"""A subject's record out of media with several people is what a plain sum of its own rows says, however it is read."""

import random
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.media import ChunkSpan
from core.observations import FrameObservation, track_number
from core.people.longitudinal import SessionBin
from core.people.subjects import Appearance
from core.time_ranges import TimeRange
from core.tracks.state import WhoseFaces
from db.archive.generations import activate
from db.observations import stream_frames
from db.people import track_rollups
from db.people.longitudinal import SubjectRecord, subject_record
from db.people.studies import add_study
from db.people.subjects import add_subject, get_subject
from db.records import JobRecord
from db.store import Store
from db.submission import submit
from db.timelines.rollups import FaceGate
from db.tracks.decisions import assign_tracks, split_track_at, tracks_of, unassign_tracks
from tests.factories import (
    make_consent,
    make_face,
    make_face_observation,
    make_frame_observation,
    make_model_version,
    make_reading,
    make_request,
    make_span,
    make_study,
)
from tests.stored_generations import work_off

pytestmark = pytest.mark.thorough

STARTED_AT = datetime(2026, 5, 4, 9, 59, 37, tzinfo=UTC)
ORIGIN_US = int(STARTED_AT.timestamp()) * 1_000_000
CHUNK_SECONDS = 100
ANNA, BEN = Appearance(subject_id="anna", session="monday"), Appearance(subject_id="ben")


def crowd(draw: random.Random):
    """Two people sit through every chunk, now and then away or unreadable; a third comes for a while."""

    def read(span: ChunkSpan) -> list[FrameObservation]:
        first = span.chunk_index * CHUNK_SECONDS * 2
        starts: dict[int, int] = {}
        frames = []
        for index in range(first, first + CHUNK_SECONDS * 2):
            there = [0, 1, 2] if first + 40 <= index < first + 120 else [0, 1]
            is_border = index in (first, first + CHUNK_SECONDS * 2 - 1)
            seen = [person for person in there if is_border or draw.random() > 0.2]
            faces = []
            for position, person in enumerate(seen):
                starts.setdefault(person, track_number(frame_index=index, face_index=position))
                height = draw.choice([57.0, 63.0])
                reading = make_reading(draw.choice(["happy", "sad"]), prob=draw.uniform(0.3, 0.9))
                faces.append(
                    make_face_observation(
                        face_index=position,
                        face=make_face(box=(person * 300.0, 0.0, person * 300.0 + 70, height)),
                        reading=make_reading(probs=reading.probs, abstained=draw.random() < 0.2),
                        track=starts[person],
                    )
                )
            frames.append(make_frame_observation(pts_us=index * 500_000, frame_index=index, faces=faces))
        return frames

    return read


@pytest.fixture
def job(store: Store) -> JobRecord:
    """Three chunks of three people that begin in the middle of a minute, and two subjects."""
    with store.writing() as connection:
        add_study(connection, make_study(), actor="tester")
        for subject in ("anna", "ben"):
            add_subject(connection, subject, make_consent(), study_id="moods", group=None, actor="tester")
    return film(store)


def film(store: Store, *, model: str = "small") -> JobRecord:
    spans = tuple(
        replace(make_span(index, seconds=CHUNK_SECONDS), first_frame_index=index * CHUNK_SECONDS * 2)
        for index in range(3)
    )
    version = make_model_version(model, checkpoint=model)
    with store.writing() as connection:
        job = submit(connection, make_request("party", spans=spans, started_at=STARTED_AT, model_version=version)).job
    return work_off(store, job, crowd(random.Random(model)))


def by_hand(store: Store, job: JobRecord, subject: str, *, bin_us: int, min_face_px: float = 0.0):
    """Sum up a subject's record from the rows, one at a time: {bin: [frames, face frames, readings, summed probs]}."""
    with store.reading() as connection:
        whose = WhoseFaces(tracks_of(connection, job.id))
        key = get_subject(connection, subject).key
        bins: dict[int, list] = defaultdict(lambda: [0, 0, 0, [0.0] * 7])
        for frame in stream_frames(connection, job.id):
            held = bins[(ORIGIN_US + frame.pts_us) // bin_us * bin_us]
            held[0] += 1
            mine = [
                face
                for face in frame.faces
                if (person := whose.find(face.track, frame.pts_us)) is not None
                and person.subject_key == key
                and not face.reading.abstained
                and face.face_px >= min_face_px
            ]
            held[1] += bool(mine)
            held[2] += len(mine)
            for face in mine:
                held[3] = [total + prob for total, prob in zip(held[3], face.reading.probs, strict=True)]
    return dict(bins)


def record(store: Store, subject: str, *, bin_us: int, gate: FaceGate | None = None) -> SubjectRecord:
    with store.reading() as connection:
        return subject_record(connection, subject, bin_us=bin_us, gate=gate)


def check(store: Store, job: JobRecord, subject: str) -> None:
    for bin_us in (1_000_000, 60_000_000, 900_000_000):
        for gate in (None, FaceGate(min_face_px=60.0)):
            found = record(store, subject, bin_us=bin_us, gate=gate).bins
            expected = by_hand(store, job, subject, bin_us=bin_us, min_face_px=60.0 if gate else 0.0)
            assert {each.start_us for each in found} == set(expected)
            for each in found:
                check_bin(each, expected[each.start_us])


def check_bin(found: SessionBin, expected: list) -> None:
    assert [found.num_frames, found.num_face_frames, found.num_faces] == expected[:3]
    assert found.sum_probs == pytest.approx(tuple(expected[3]))
    assert found.num_rejected_frames == 0


def numbers(store: Store, job: JobRecord) -> list[int]:
    with store.reading() as connection:
        return list(tracks_of(connection, job.id))


def test_each_of_several_subjects_has_the_rows_of_its_own_tracks(store: Store, job: JobRecord):
    left, right, *late = numbers(store, job)
    with store.writing() as connection:
        assign_tracks(connection, job.id, [left], ANNA, actor="tester")
        assign_tracks(connection, job.id, [right], BEN, actor="tester")
    check(store, job, "anna")
    check(store, job, "ben")
    assert record(store, "anna", bin_us=60_000_000).left_out.num_shared == 0
    assert len(late) == 3
    with store.writing() as connection:  # who has two faces in a frame, as in a mirror, has one face frame of it
        assign_tracks(connection, job.id, late, ANNA, actor="tester")
    check(store, job, "anna")


def test_a_track_that_is_cut_counts_up_to_the_cut(store: Store, job: JobRecord):
    left, right, *_ = numbers(store, job)
    with store.writing() as connection:
        assign_tracks(connection, job.id, [left, right], ANNA, actor="tester")
        split_track_at(connection, job.id, left, 123_400_000, actor="tester")
        split_track_at(connection, job.id, right, 30_000_000, actor="tester")
    check(store, job, "anna")


def test_a_range_of_a_record_is_a_part_of_it(store: Store, job: JobRecord):
    left, right, *_ = numbers(store, job)
    with store.writing() as connection:
        assign_tracks(connection, job.id, [left, right], ANNA, actor="tester")
        split_track_at(connection, job.id, left, 123_400_000, actor="tester")
    for bin_us in (100_000, 1_000_000, 60_000_000):
        whole = record(store, "anna", bin_us=bin_us)
        first = min(each.start_us for each in whole.bins) + 99_000_000 // bin_us * bin_us
        for span in (TimeRange(from_us=first, until_us=first + 60_000_000), TimeRange(from_us=first)):
            with store.reading() as connection:
                part = subject_record(connection, "anna", bin_us=bin_us, span=span)
            until_us = span.until_us or 10**18
            assert part.bins == tuple(each for each in whole.bins if first <= each.start_us < until_us)
            assert part.bins


def test_whole_tracks_need_no_rows(store: Store, job: JobRecord, monkeypatch: pytest.MonkeyPatch):
    left, *_ = numbers(store, job)
    with store.writing() as connection:
        assign_tracks(connection, job.id, [left], ANNA, actor="tester")
    expected = record(store, "anna", bin_us=900_000_000)

    def refuse(_connection, _subject_key, job_ids, *_rest):
        assert not job_ids
        return {}

    monkeypatch.setattr(track_rollups, "_from_rows", refuse)
    assert record(store, "anna", bin_us=900_000_000) == expected


def test_the_only_subject_has_every_face_until_tracks_are_assigned(store: Store, job: JobRecord):
    left, *_ = numbers(store, job)
    with store.writing() as connection:
        assign_tracks(connection, job.id, [left], ANNA, actor="tester")
        own = sum(each.num_faces for each in subject_record(connection, "anna", bin_us=60_000_000).bins)
        unassign_tracks(connection, job.id, [left], actor="tester")
        every = sum(each.num_faces for each in subject_record(connection, "anna", bin_us=60_000_000).bins)
    assert every > 2 * own > 0


def test_media_of_several_without_tracks_of_this_one_stay_left_out(store: Store, job: JobRecord):
    left, *_ = numbers(store, job)
    with store.writing() as connection:
        assign_tracks(connection, job.id, [left], ANNA, actor="tester")
        assign_tracks(connection, job.id, [left], BEN, actor="tester")
    found = record(store, "anna", bin_us=60_000_000)
    assert (found.bins, found.left_out.num_shared) == ((), 1)
    assert record(store, "ben", bin_us=60_000_000).bins


def test_another_generations_tracks_are_nobodys_until_it_is_said(store: Store, job: JobRecord):
    left, *_ = numbers(store, job)
    with store.writing() as connection:
        assign_tracks(connection, job.id, [left], ANNA, actor="tester")
    again = film(store, model="large")
    with store.writing() as connection:
        activate(connection, again.id)
    found = record(store, "anna", bin_us=60_000_000)
    assert (found.bins, found.left_out.num_shared, found.left_out.num_not_assigned_again) == ((), 0, 1)
    with store.writing() as connection:
        assign_tracks(connection, again.id, numbers(store, again)[:1], ANNA, actor="tester")
    check(store, again, "anna")
    assert record(store, "anna", bin_us=60_000_000).left_out.num_not_assigned_again == 0
