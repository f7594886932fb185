"""What is worked on and what waits: chunks by queue and state, by error, and in whose hands."""

from dataclasses import replace

import pytest

from db.queue.ledger import claim_next, fail_chunk
from db.queue.work_in_hand import LATELY_SECONDS, held_chunks, queue_state
from db.records import Fault
from db.states import ChunkState, JobQueue
from db.store import Store
from tests.factories import make_request
from tests.stored_generations import store_generation, submit_generation


def test_an_empty_store_has_every_queue_and_state_at_zero(store: Store):
    with store.reading() as connection:
        found = queue_state(connection)
        assert held_chunks(connection) == []
    assert set(found.num_chunks) == set(JobQueue)
    assert all(counts == dict.fromkeys(ChunkState, 0) for counts in found.num_chunks.values())
    assert (found.num_chunks_by_error, found.num_jobs_by_error, found.frames_per_second) == ({}, {}, 0.0)


def test_chunks_are_counted_by_queue_and_state_and_those_that_are_over_are_not(store: Store):
    store_generation(store, make_request("over"))
    job = submit_generation(store, replace(make_request("clip", num_chunks=3), queue=JobQueue.ARCHIVE))
    with store.writing() as connection:
        first = claim_next(connection, job.id, lease_owner="host/1/2", lease_seconds=60)
        assert first is not None
        fail_chunk(connection, first, Fault(code="SOURCE_MISSING", message="gone"))
        claim_next(connection, job.id, lease_owner="host/1/2", lease_seconds=60)
    with store.reading() as connection:
        found, [held] = queue_state(connection), held_chunks(connection)
    assert found.num_chunks[JobQueue.ARCHIVE] == {
        ChunkState.PENDING: 1,
        ChunkState.LEASED: 1,
        ChunkState.DONE: 0,
        ChunkState.FAILED: 1,
    }
    assert set(found.num_chunks[JobQueue.LOCAL].values()) == {0}
    assert found.num_chunks_by_error == {"SOURCE_MISSING": 1}
    assert found.frames_per_second == pytest.approx(2 / LATELY_SECONDS)
    assert (held.holder, held.job_id, held.chunk_index, held.queue, held.attempt) == (
        "host/1/2",
        job.id,
        1,
        JobQueue.ARCHIVE,
        1,
    )
    assert 0 < held.lease_seconds_left <= 60


def test_jobs_that_ended_with_errors_are_counted_by_the_first(store: Store):
    job = submit_generation(store, make_request("clip", num_chunks=1))
    with store.writing() as connection:
        held = claim_next(connection, job.id, lease_owner="host/1/2", lease_seconds=60)
        assert held is not None
        fail_chunk(connection, held, Fault(code="WORKER_CRASHED", message="died"))
    with store.reading() as connection:
        found = queue_state(connection)
    assert (found.num_jobs_by_error, found.num_chunks_by_error) == ({"WORKER_CRASHED": 1}, {})
