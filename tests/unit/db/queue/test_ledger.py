"""The ledger's promises: each chunk's rows once, by the newest claim, whatever dies or wakes up late."""

import time
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from core.frames import FrameStatus
from core.observations import FrameObservation
from db.jobs import chunk_problems, get_job, readable_job
from db.observations import stream_frames
from db.queue.control import cancel
from db.queue.ledger import (
    MAX_ATTEMPTS,
    WORKER_CRASHED,
    Fenced,
    claim_next,
    commit_chunk,
    fail_chunk,
    heartbeat,
    release,
    release_dead_leases,
    return_crashed,
)
from db.records import Claim, Fault, JobRecord
from db.row_tables import FrameTable
from db.states import ChunkState, JobState
from db.store import Store
from db.submission import submit
from db.tables import ChunkTable
from tests.factories import make_frame_observation, make_request

DAMAGED = Fault(code="DAMAGED", message="3 frames could not be decoded")


def submit_job(store: Store, *, num_chunks: int = 2, force: bool = False) -> JobRecord:
    with store.writing() as connection:
        return submit(connection, make_request(num_chunks=num_chunks), force=force).job


def claim_chunk(store: Store, job: JobRecord, *, lease_owner: str = "a", lease_seconds: float = 60) -> Claim | None:
    with store.writing() as connection:
        return claim_next(connection, job.id, lease_owner=lease_owner, lease_seconds=lease_seconds)


def must_claim(store: Store, job: JobRecord, *, lease_owner: str = "a", lease_seconds: float = 60) -> Claim:
    held = claim_chunk(store, job, lease_owner=lease_owner, lease_seconds=lease_seconds)
    assert held is not None
    return held


def frames_of(held: Claim) -> list[FrameObservation]:
    start = held.span.start_us / 1e6
    return [
        make_frame_observation(pts_seconds=start),
        make_frame_observation(pts_seconds=start + 1, status=FrameStatus.NO_FACE),
    ]


def commit(store: Store, held: Claim, *, fault: Fault | None = None) -> None:
    with store.writing() as connection:
        commit_chunk(connection, held, frames_of(held), fault=fault)


def expire_leases(store: Store) -> None:
    with store.writing() as connection:
        connection.execute(update(ChunkTable).values(lease_until_seconds=0.0))


def num_frame_rows(store: Store) -> int:
    with store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(FrameTable)) or 0


def job_now(store: Store, job: JobRecord) -> JobRecord:
    with store.reading() as connection:
        return get_job(connection, job.id)


def test_claims_take_chunks_in_time_order_until_none_is_left(store: Store):
    job = submit_job(store)
    first, second = must_claim(store, job), must_claim(store, job, lease_owner="b")
    assert (first.span.chunk_index, second.span.chunk_index) == (0, 1)
    assert first.span == make_request().spans[0]
    assert (first.fence, first.attempt) == (1, 1)
    assert claim_chunk(store, job) is None
    assert job_now(store, job).state is JobState.RUNNING


def test_lease_is_measured_on_the_databases_clock(store: Store):
    job = submit_job(store)
    must_claim(store, job, lease_seconds=60)
    with store.reading() as connection:
        lease_until = connection.scalar(select(ChunkTable.lease_until_seconds).where(ChunkTable.chunk_index == 0))
    assert lease_until == pytest.approx(time.time() + 60, abs=5)


def test_committing_every_chunk_finishes_the_job_with_its_counters(store: Store):
    job = submit_job(store)
    for _ in range(2):
        commit(store, must_claim(store, job))
    done = job_now(store, job)
    assert done.state is JobState.DONE
    assert (done.num_chunks_done, done.num_frames, done.num_face_frames, done.num_faces) == (2, 4, 2, 2)
    assert done.finished_at is not None
    assert done.error_code is None
    with store.reading() as connection:
        stored = list(stream_frames(connection, job.id))
    assert [frame.pts_us for frame in stored] == [0, 1_000_000, 10_000_000, 11_000_000]


def test_commit_with_a_fault_completes_with_errors_and_says_where(store: Store):
    job = submit_job(store)
    commit(store, must_claim(store, job))
    commit(store, must_claim(store, job), fault=DAMAGED)
    done = job_now(store, job)
    assert (done.state, done.error_code) == (JobState.COMPLETED_WITH_ERRORS, "DAMAGED")
    assert done.error_message == ("1 of 2 chunks have missing frames; the first at 10 s: 3 frames could not be decoded")
    with store.reading() as connection:
        (problem,) = chunk_problems(connection, job.id)
    assert (problem.state, problem.fault, problem.span.chunk_index) == (ChunkState.DONE, DAMAGED, 1)


def test_failed_chunk_is_not_tried_again_and_the_rest_is_kept(store: Store):
    job = submit_job(store)
    with store.writing() as connection:
        held = claim_next(connection, job.id, lease_owner="a", lease_seconds=60)
        assert held is not None
        fail_chunk(connection, held, DAMAGED)
    commit(store, must_claim(store, job))
    assert claim_chunk(store, job) is None
    done = job_now(store, job)
    assert (done.state, done.num_chunks_done, done.num_chunks_failed) == (JobState.COMPLETED_WITH_ERRORS, 1, 1)


def test_job_whose_chunks_all_failed_has_failed_and_does_not_become_active(store: Store):
    job = submit_job(store, num_chunks=1)
    held = must_claim(store, job)
    with store.writing() as connection:
        fail_chunk(connection, held, DAMAGED)
    assert job_now(store, job).state is JobState.FAILED
    with store.reading() as connection:
        assert readable_job(connection, job.media_id) is None


def test_zombie_whose_lease_expired_is_fenced_and_adds_no_rows(store: Store):
    job = submit_job(store)
    zombie = must_claim(store, job, lease_owner="zombie")
    expire_leases(store)
    heir = must_claim(store, job, lease_owner="heir")
    assert (heir.span, heir.fence, heir.attempt) == (zombie.span, 2, 2)
    with pytest.raises(Fenced):
        commit(store, zombie)
    assert num_frame_rows(store) == 0
    commit(store, heir)
    with pytest.raises(Fenced):
        commit(store, zombie)
    assert num_frame_rows(store) == 2
    assert job_now(store, job).num_chunks_done == 1


def test_lease_that_expired_but_was_not_taken_over_may_still_commit(store: Store):
    job = submit_job(store)
    held = must_claim(store, job)
    expire_leases(store)
    commit(store, held)
    assert num_frame_rows(store) == 2


def test_committing_twice_after_a_lost_answer_changes_nothing(store: Store):
    job = submit_job(store)
    held = must_claim(store, job)
    commit(store, held)
    commit(store, held)
    assert num_frame_rows(store) == 2
    assert job_now(store, job).num_frames == 2


def test_commit_that_breaks_half_way_leaves_nothing_and_can_be_repeated(store: Store):
    job = submit_job(store)
    held = must_claim(store, job)
    elsewhere = make_frame_observation(pts_seconds=99.0)
    with pytest.raises(ValueError, match="is not in"), store.writing() as connection:
        commit_chunk(connection, held, [*frames_of(held), elsewhere])
    assert num_frame_rows(store) == 0
    assert job_now(store, job).num_chunks_done == 0
    commit(store, held)
    assert num_frame_rows(store) == 2


def test_heartbeat_extends_a_lease_and_tells_when_it_was_lost(store: Store):
    job = submit_job(store)
    held = must_claim(store, job, lease_seconds=-1)
    with store.writing() as connection:
        assert heartbeat(connection, held, lease_seconds=60)
    other = must_claim(store, job, lease_owner="b")
    assert other.span.chunk_index == 1, "the extended lease was taken"
    expire_leases(store)
    must_claim(store, job, lease_owner="c")
    with store.writing() as connection:
        assert not heartbeat(connection, held, lease_seconds=60)


def test_released_chunk_is_claimed_again_without_counting_the_attempt(store: Store):
    job = submit_job(store, num_chunks=1)
    for _ in range(MAX_ATTEMPTS + 1):
        held = must_claim(store, job)
        assert held.attempt == 1
        with store.writing() as connection:
            assert release(connection, held)
            assert not release(connection, held)
    commit(store, must_claim(store, job))
    assert job_now(store, job).state is JobState.DONE


def test_released_chunk_cannot_be_committed_by_the_one_who_released_it(store: Store):
    job = submit_job(store)
    held = must_claim(store, job)
    with store.writing() as connection:
        release(connection, held)
    with pytest.raises(Fenced):
        commit(store, held)


def test_leases_of_dead_workers_are_taken_over_at_once(store: Store):
    job = submit_job(store)
    must_claim(store, job, lease_owner="dead", lease_seconds=3600)
    living = must_claim(store, job, lease_owner="alive", lease_seconds=3600)
    with store.writing() as connection:
        assert release_dead_leases(connection, lambda owner: owner == "alive") == 1
    heir = must_claim(store, job, lease_owner="heir")
    assert (heir.span.chunk_index, heir.attempt, heir.fence) == (0, 1, 2)
    commit(store, living)


@pytest.mark.parametrize("noticed_by", ["expiry", "return_crashed"])
def test_chunk_that_kills_three_workers_is_given_up(store: Store, noticed_by: str):
    job = submit_job(store)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        held = must_claim(store, job, lease_owner=f"worker {attempt}")
        assert (held.span.chunk_index, held.attempt) == (0, attempt)
        with store.writing() as connection:
            if noticed_by == "expiry":
                connection.execute(update(ChunkTable).values(lease_until_seconds=0.0))
            else:
                assert return_crashed(connection, held)
    second = must_claim(store, job)
    assert second.span.chunk_index == 1
    commit(store, second)
    done = job_now(store, job)
    assert (done.state, done.error_code) == (JobState.COMPLETED_WITH_ERRORS, WORKER_CRASHED)
    assert done.num_chunks_failed == 1


def test_third_crash_on_the_last_chunk_finishes_the_job_at_once(store: Store):
    job = submit_job(store, num_chunks=1)
    for _ in range(MAX_ATTEMPTS):
        held = must_claim(store, job)
        with store.writing() as connection:
            return_crashed(connection, held)
    assert job_now(store, job).state is JobState.FAILED


def test_a_run_that_is_killed_again_and_again_gives_nothing_up(store: Store):
    job = submit_job(store, num_chunks=1)
    for _ in range(3 * MAX_ATTEMPTS):
        must_claim(store, job)
        with store.writing() as connection:
            assert release_dead_leases(connection, lambda _owner: False) == 1
    commit(store, must_claim(store, job))
    assert job_now(store, job).state is JobState.DONE


def test_crash_of_a_worker_that_lost_its_claim_does_not_disturb_the_heir(store: Store):
    job = submit_job(store)
    zombie = must_claim(store, job)
    expire_leases(store)
    heir = must_claim(store, job)
    with store.writing() as connection:
        assert not return_crashed(connection, zombie)
        assert not release(connection, zombie)
    commit(store, heir)


def test_last_chunk_given_up_at_a_claim_finishes_the_job(store: Store):
    job = submit_job(store, num_chunks=1)
    for _ in range(MAX_ATTEMPTS):
        must_claim(store, job)
        expire_leases(store)
    assert claim_chunk(store, job) is None
    assert job_now(store, job).state is JobState.FAILED


def test_cancelled_job_gives_no_claims_and_takes_no_rows(store: Store):
    job = submit_job(store)
    held = must_claim(store, job)
    with store.writing() as connection:
        assert cancel(connection, job.id)
        assert not cancel(connection, job.id)
        assert not heartbeat(connection, held, lease_seconds=60)
    with pytest.raises(Fenced):
        commit(store, held)
    assert claim_chunk(store, job) is None
    assert num_frame_rows(store) == 0
    assert job_now(store, job).finished_at is not None


def test_completed_job_becomes_the_active_generation_and_a_newer_one_replaces_it(store: Store):
    old = submit_job(store, num_chunks=1)
    with store.reading() as connection:
        assert readable_job(connection, old.media_id) == old, "unfinished, but there is nothing better"
    commit(store, must_claim(store, old))
    new = submit_job(store, num_chunks=1, force=True)
    with store.reading() as connection:
        assert getattr(readable_job(connection, old.media_id), "id", None) == old.id
    commit(store, must_claim(store, new))
    with store.reading() as connection:
        assert getattr(readable_job(connection, old.media_id), "id", None) == new.id


def test_older_job_that_completes_late_does_not_replace_a_newer_one(store: Store):
    old = submit_job(store, num_chunks=1)
    new = submit_job(store, num_chunks=1, force=True)
    commit(store, must_claim(store, new))
    commit(store, must_claim(store, old))
    with store.reading() as connection:
        assert getattr(readable_job(connection, old.media_id), "id", None) == new.id


def test_chunk_without_a_sampled_frame_can_be_committed(store: Store):
    job = submit_job(store, num_chunks=1)
    held = must_claim(store, job)
    with store.writing() as connection:
        commit_chunk(connection, held, [])
    assert job_now(store, job).state is JobState.DONE


def test_claim_with_a_made_up_fence_is_fenced(store: Store):
    job = submit_job(store)
    held = must_claim(store, job)
    with pytest.raises(Fenced):
        commit(store, replace(held, fence=held.fence + 1))
