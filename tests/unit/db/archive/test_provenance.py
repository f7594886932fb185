"""Where rows come from is written down with them, and can be told of each."""

import json

import pytest

from core.errors import InputError
from core.people.subjects import Appearance
from db.archive.media import get_media
from db.archive.provenance import frame_origin, sources_of_media, sources_of_subject
from db.jobs import get_job
from db.people.studies import add_study
from db.people.subjects import add_subject
from db.queue.ledger import claim_next, commit_chunk
from db.store import Store
from db.submission import submit
from tests.factories import (
    make_consent,
    make_face_observation,
    make_frame_observation,
    make_request,
    make_span,
    make_study,
)

SOFTWARE = json.dumps({"moodline": "1.2.3"})


def store_clip(store: Store, *, num_chunks: int = 2) -> str:
    """Commit a clip of anna, ten seconds a chunk, a frame a second. Return its job."""
    with store.writing() as connection:
        add_study(connection, make_study(), actor="test")
        add_subject(connection, "anna", make_consent(), study_id="moods", group=None, actor="test")
        seen = Appearance(subject_id="anna", session="one", condition="calm")
        spans = tuple(make_span(index, start_seconds=10 * index) for index in range(num_chunks))
        job = submit(connection, make_request("clip", spans=spans, appearance=seen)).job
        for index in range(num_chunks):
            claim = claim_next(connection, job.id, lease_owner="test", lease_seconds=60)
            assert claim is not None
            frames = [
                make_frame_observation(number, frame_index=number, faces=(make_face_observation(),))
                for number in range(10 * index, 10 * index + 10)
            ]
            commit_chunk(connection, claim, frames, software=SOFTWARE)
    return job.id


def test_a_frames_origin_is_its_chunk_and_what_made_that(store: Store):
    job_id = store_clip(store)
    with store.reading() as connection:
        job = get_job(connection, job_id)
        media = get_media(connection, job.media_id)
        origin = frame_origin(connection, media, job, 13)
    assert (origin.span.chunk_index, origin.frame.frame_index, origin.software) == (1, 13, SOFTWARE)
    assert [face.reading for face in origin.frame.faces] == [make_face_observation().reading]


def test_a_frame_that_was_not_sampled_is_refused(store: Store):
    job_id = store_clip(store)
    with store.reading() as connection:
        job = get_job(connection, job_id)
        with pytest.raises(InputError, match=r"frame 99: .* has no row of it"):
            frame_origin(connection, get_media(connection, job.media_id), job, 99)


def test_sources_of_a_subject_name_sittings_models_and_programs(store: Store):
    job_id = store_clip(store)
    with store.reading() as connection:
        [source] = sources_of_subject(connection, "anna")
        [alone] = sources_of_media(connection, job_id)
    assert (source.session, source.condition, source.job_id) == ("one", "calm", job_id)
    assert source.software == (SOFTWARE,)
    assert source.parameters["min_face_px"] == 40
    assert alone.session is None


def test_work_that_wrote_nothing_down_has_no_software(store: Store):
    with store.writing() as connection:
        job = submit(connection, make_request("clip", spans=(make_span(0),))).job
        claim = claim_next(connection, job.id, lease_owner="test", lease_seconds=60)
        assert claim is not None
        commit_chunk(connection, claim, [make_frame_observation(0.0)])
        assert sources_of_media(connection, job.id)[0].software == ()
