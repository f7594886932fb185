"""The store at a glance, for metrics."""

from sqlalchemy import update

from db.queue.control import cancel
from db.queue.ledger import claim_next, commit_chunk, fail_chunk
from db.queue.overview import overview
from db.records import Claim, Fault, JobRecord
from db.states import JobQueue, JobState
from db.store import Store
from db.submission import submit
from db.tables import ChunkTable
from tests.factories import make_frame_observation, make_request


def submit_job(store: Store, name: str, *, queue: JobQueue = JobQueue.ARCHIVE) -> JobRecord:
    with store.writing() as connection:
        return submit(connection, make_request(name, num_chunks=3, queue=queue)).job


def claim(store: Store, job: JobRecord) -> Claim:
    with store.writing() as connection:
        held = claim_next(connection, job.id, lease_owner="a", lease_seconds=60)
    assert held is not None
    return held


def test_empty_store_counts_nothing(store: Store):
    with store.reading() as connection:
        seen = overview(connection)
    assert set(seen.num_jobs_by_state.values()) == {0}
    assert set(seen.num_chunks_waiting.values()) == {0}
    assert (seen.num_chunks_leased, seen.num_frames, seen.oldest_unfinished_seconds[JobQueue.LIVE]) == (0, 0, 0.0)


def test_waiting_held_done_and_failed_chunks_are_told_apart(store: Store):
    job, live = submit_job(store, "a"), submit_job(store, "b", queue=JobQueue.LIVE)
    done, failed = claim(store, job), claim(store, job)
    with store.writing() as connection:
        commit_chunk(connection, done, [make_frame_observation(pts_seconds=1.0)])
        fail_chunk(connection, failed, Fault(code="X", message="x"))
    claim(store, live)
    with store.reading() as connection:
        seen = overview(connection)
    assert seen.num_jobs_by_state[JobState.RUNNING] == 2
    assert (seen.num_chunks_waiting[JobQueue.ARCHIVE], seen.num_chunks_waiting[JobQueue.LIVE]) == (1, 2)
    assert (seen.num_chunks_leased, seen.num_leases_expired) == (1, 0)
    assert (seen.num_frames, seen.num_chunks_failed) == (1, 1)
    assert 0 <= seen.oldest_unfinished_seconds[JobQueue.ARCHIVE] < 60


def test_expired_lease_is_counted_and_a_cancelled_job_waits_for_nothing(store: Store):
    job, given_up = submit_job(store, "a"), submit_job(store, "b")
    claim(store, job)
    with store.writing() as connection:
        connection.execute(
            update(ChunkTable).where(ChunkTable.lease_until_seconds.is_not(None)).values(lease_until_seconds=0.0)
        )
        cancel(connection, given_up.id)
        seen = overview(connection)
    assert (seen.num_chunks_leased, seen.num_leases_expired) == (1, 1)
    assert seen.num_chunks_waiting[JobQueue.ARCHIVE] == 2
