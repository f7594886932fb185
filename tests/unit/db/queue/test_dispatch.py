"""Which doorbells are rung: a bounded window, by priority, again where a ring was lost."""

import pytest
from sqlalchemy import update

from core.media import AnalysisParameters
from db.clock import database_seconds
from db.jobs import get_job
from db.queue.control import cancel, pause
from db.queue.dispatch import due_chunks, mark_rung, mark_unrung, num_ringing
from db.queue.ledger import (
    MAX_ATTEMPTS,
    claim_chunk,
    commit_chunk,
    give_up_lost,
    release,
    release_dead_leases,
)
from db.records import ChunkReference, Claim, JobRecord
from db.states import JobQueue, JobState
from db.store import Store
from db.submission import submit
from db.tables import ChunkTable
from tests.factories import make_request

STALE_SECONDS = 30


def submit_job(
    store: Store, name: str = "clip", *, queue: JobQueue = JobQueue.ARCHIVE, priority: int = 5, num_chunks: int = 3
) -> JobRecord:
    with store.writing() as connection:
        return submit(connection, make_request(name, num_chunks=num_chunks, queue=queue, priority=priority)).job


def due(store: Store, *, queue: JobQueue = JobQueue.ARCHIVE, limit: int = 100) -> list[ChunkReference]:
    with store.reading() as connection:
        return due_chunks(connection, queue, limit=limit, stale_seconds=STALE_SECONDS)


def ring(store: Store, chunks: list[ChunkReference]) -> None:
    with store.writing() as connection:
        mark_rung(connection, chunks)


def claim(store: Store, chunk: ChunkReference, *, lease_seconds: float = 60) -> Claim | None:
    with store.writing() as connection:
        return claim_chunk(connection, chunk, lease_owner="a", lease_seconds=lease_seconds)


def must_claim(store: Store, chunk: ChunkReference, *, lease_seconds: float = 60) -> Claim:
    held = claim(store, chunk, lease_seconds=lease_seconds)
    assert held is not None
    return held


def num_rung(store: Store, queue: JobQueue = JobQueue.ARCHIVE) -> int:
    with store.reading() as connection:
        return num_ringing(connection, queue, stale_seconds=STALE_SECONDS)


def make_stale(store: Store) -> None:
    with store.writing() as connection:
        connection.execute(update(ChunkTable).values(published_at_seconds=database_seconds() - STALE_SECONDS - 1))


def test_chunks_are_due_in_order_of_time_up_to_the_limit(store: Store):
    job = submit_job(store)
    assert due(store, limit=2) == [ChunkReference(job_id=job.id, chunk_index=index) for index in (0, 1)]


def test_higher_priority_goes_first_then_the_older_job(store: Store):
    old, new = submit_job(store, "old", num_chunks=1), submit_job(store, "new", num_chunks=1)
    urgent = submit_job(store, "urgent", num_chunks=1, priority=9)
    assert [chunk.job_id for chunk in due(store)] == [urgent.id, old.id, new.id]
    assert [chunk.job_id for chunk in due(store, limit=2)] == [urgent.id, old.id]


def test_each_queue_has_its_own_chunks_and_local_jobs_are_in_neither(store: Store):
    submit_job(store, "local", queue=JobQueue.LOCAL)
    live = submit_job(store, "live", queue=JobQueue.LIVE, num_chunks=1)
    assert due(store) == []
    assert [chunk.job_id for chunk in due(store, queue=JobQueue.LIVE)] == [live.id]


def test_chunk_that_was_rung_for_is_not_due_until_the_ring_is_stale(store: Store):
    submit_job(store, num_chunks=2)
    ring(store, due(store, limit=1))
    assert [chunk.chunk_index for chunk in due(store)] == [1]
    assert num_rung(store) == 1
    make_stale(store)
    assert [chunk.chunk_index for chunk in due(store)] == [0, 1]
    assert num_rung(store) == 0


def test_ring_that_failed_leaves_the_chunk_due(store: Store):
    submit_job(store, num_chunks=1)
    chunks = due(store)
    ring(store, chunks)
    with store.writing() as connection:
        mark_unrung(connection, chunks)
    assert due(store) == chunks


def test_claimed_chunk_is_neither_due_nor_ringing(store: Store):
    submit_job(store, num_chunks=1)
    (chunk,) = due(store)
    ring(store, [chunk])
    must_claim(store, chunk)
    assert (due(store), num_rung(store)) == ([], 0)


def test_chunk_whose_lease_ended_is_due_again(store: Store):
    submit_job(store, num_chunks=1)
    (chunk,) = due(store)
    must_claim(store, chunk, lease_seconds=-1)
    assert due(store) == [chunk]


def test_marking_a_chunk_that_was_claimed_meanwhile_changes_nothing(store: Store):
    submit_job(store, num_chunks=1)
    (chunk,) = due(store)
    must_claim(store, chunk)
    ring(store, [chunk])
    assert num_rung(store) == 0


def test_released_chunk_with_a_delay_is_due_later(store: Store):
    submit_job(store, num_chunks=1)
    (chunk,) = due(store)
    held = must_claim(store, chunk)
    with store.writing() as connection:
        release(connection, held, delay_seconds=60)
    assert due(store) == []
    with store.writing() as connection:
        connection.execute(update(ChunkTable).values(next_try_at_seconds=database_seconds() - 1))
    assert due(store) == [chunk]


@pytest.mark.parametrize("change", [pause, cancel])
def test_chunks_of_a_paused_or_cancelled_job_are_not_due_and_not_claimed(store: Store, change):
    job = submit_job(store)
    chunk = due(store)[0]
    with store.writing() as connection:
        change(connection, job.id)
    assert due(store) == []
    assert claim(store, chunk) is None


def test_doorbell_of_a_chunk_that_does_not_exist_is_answered_by_nobody(store: Store):
    job = submit_job(store, num_chunks=1)
    assert claim(store, ChunkReference(job_id=job.id, chunk_index=7)) is None
    assert claim(store, ChunkReference(job_id="0" * 16, chunk_index=0)) is None


def test_second_doorbell_of_a_chunk_finds_it_held_and_the_third_finds_it_done(store: Store):
    submit_job(store, num_chunks=1)
    (chunk,) = due(store)
    held = must_claim(store, chunk)
    assert claim(store, chunk) is None
    with store.writing() as connection:
        commit_chunk(connection, held, [])
    assert claim(store, chunk) is None


def test_sweeping_gives_up_poison_chunks_of_every_job(store: Store):
    jobs = [submit_job(store, name, num_chunks=1) for name in ("one", "two")]
    for chunk in due(store):
        for _ in range(MAX_ATTEMPTS):
            must_claim(store, chunk, lease_seconds=-1)
    with store.writing() as connection:
        assert give_up_lost(connection) == 2
        assert {get_job(connection, job.id).state for job in jobs} == {JobState.FAILED}


def test_dead_workers_leases_of_every_job_are_released(store: Store):
    for name in ("one", "two"):
        submit_job(store, name, num_chunks=1)
    chunks = due(store)
    for chunk in chunks:
        must_claim(store, chunk)
    with store.writing() as connection:
        assert release_dead_leases(connection, lambda _owner: False) == 2
    assert due(store) == chunks


def test_same_submit_hands_a_local_job_to_the_pool(store: Store):
    local = submit_job(store, queue=JobQueue.LOCAL)
    handed = submit_job(store, priority=7)
    assert (handed.id, handed.queue, handed.priority) == (local.id, JobQueue.ARCHIVE, 7)
    assert submit_job(store, queue=JobQueue.LOCAL).queue is JobQueue.ARCHIVE, "analyze takes nothing from the pool"


def test_other_parameters_are_another_job_beside_it(store: Store):
    submit_job(store, num_chunks=1)
    with store.writing() as connection:
        request = make_request(num_chunks=1, queue=JobQueue.ARCHIVE, parameters=AnalysisParameters(sample_rate_hz=5.0))
        submit(connection, request)
    assert len(due(store)) == 2
