"""How far a job is, and when it will be over."""

import pytest
from sqlalchemy import update

from db.clock import database_seconds
from db.queue.ledger import claim_next, commit_chunk, fail_chunk
from db.queue.progress import job_progress, unfinished_job_ids
from db.records import Fault, JobRecord
from db.states import ChunkState, JobQueue
from db.store import Store
from db.submission import submit
from db.tables import ChunkTable
from tests.factories import make_frame_observation, make_request


@pytest.fixture
def job(store: Store) -> JobRecord:
    with store.writing() as connection:
        return submit(connection, make_request(num_chunks=4, queue=JobQueue.ARCHIVE)).job


def finish_one(store: Store, job: JobRecord, *, fault: Fault | None = None, seconds_ago: float = 0.0) -> None:
    with store.writing() as connection:
        held = claim_next(connection, job.id, lease_owner="a", lease_seconds=60)
        assert held is not None
        if fault:
            fail_chunk(connection, held, fault)
        else:
            start = held.span.start_us
            commit_chunk(connection, held, [make_frame_observation(pts_us=start + n * 40_000) for n in range(20)])
        connection.execute(
            update(ChunkTable)
            .where(ChunkTable.job_id == job.id, ChunkTable.chunk_index == held.span.chunk_index)
            .values(finished_at_seconds=database_seconds() - seconds_ago)
        )


def test_job_that_was_not_begun_has_no_speed_and_no_end(store: Store, job: JobRecord):
    with store.reading() as connection:
        progress = job_progress(connection, job.id)
    assert progress.num_chunks_by_state == {
        ChunkState.PENDING: 4,
        ChunkState.LEASED: 0,
        ChunkState.DONE: 0,
        ChunkState.FAILED: 0,
    }
    assert (progress.frames_per_second, progress.seconds_left) == (0.0, None)


def test_speed_and_time_left_are_of_the_last_minute(store: Store, job: JobRecord):
    finish_one(store, job, seconds_ago=600)
    finish_one(store, job, seconds_ago=30)
    with store.reading() as connection:
        progress = job_progress(connection, job.id)
    assert progress.frames_per_second == pytest.approx(20 / 60, rel=0.05)
    assert progress.seconds_left == pytest.approx(2 * 60, rel=0.05)


def test_speed_of_a_job_that_has_just_begun_is_since_its_first_chunk(store: Store, job: JobRecord):
    finish_one(store, job, seconds_ago=10)
    with store.reading() as connection:
        progress = job_progress(connection, job.id)
    assert progress.frames_per_second == pytest.approx(2, rel=0.2)
    assert progress.seconds_left == pytest.approx(30, rel=0.2)


def test_errors_are_counted_by_code_and_a_finished_job_has_nothing_left(store: Store, job: JobRecord):
    for code in ("A", "B", "A"):
        finish_one(store, job, fault=Fault(code=code, message="x"))
    finish_one(store, job)
    with store.reading() as connection:
        progress = job_progress(connection, job.id)
        assert unfinished_job_ids(connection) == []
    assert progress.num_chunks_by_error == {"A": 2, "B": 1}
    assert progress.seconds_left is None


def test_unfinished_jobs_come_in_the_order_in_which_they_are_worked_on(store: Store, job: JobRecord):
    with store.writing() as connection:
        urgent = submit(connection, make_request("urgent", queue=JobQueue.ARCHIVE, priority=9)).job
        assert unfinished_job_ids(connection) == [urgent.id, job.id]
