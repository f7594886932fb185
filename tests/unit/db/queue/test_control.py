"""What a person does to a job, and what workers may still do to it then."""

import pytest

from core.errors import InputError
from db.jobs import get_job
from db.queue.control import cancel, pause, resume
from db.queue.ledger import claim_next, commit_chunk, fail_chunk, heartbeat
from db.records import Claim, Fault, JobRecord
from db.states import JobState
from db.store import Store
from db.submission import submit
from tests.factories import make_frame_observation, make_request


@pytest.fixture
def job(store: Store) -> JobRecord:
    with store.writing() as connection:
        return submit(connection, make_request(num_chunks=2)).job


def claim(store: Store, job: JobRecord) -> Claim | None:
    with store.writing() as connection:
        return claim_next(connection, job.id, lease_owner="a", lease_seconds=60)


def must_claim(store: Store, job: JobRecord) -> Claim:
    held = claim(store, job)
    assert held is not None
    return held


def test_paused_job_gives_no_claim_but_the_chunk_in_hand_is_finished(store: Store, job: JobRecord):
    held = must_claim(store, job)
    with store.writing() as connection:
        assert pause(connection, job.id)
    assert claim(store, job) is None
    with store.writing() as connection:
        assert heartbeat(connection, held, lease_seconds=60)
        commit_chunk(connection, held, [make_frame_observation(pts_seconds=1.0)])
        paused = get_job(connection, job.id)
    assert (paused.is_paused, paused.state, paused.num_chunks_done) == (True, JobState.RUNNING, 1)


def test_resumed_job_gives_claims_again(store: Store, job: JobRecord):
    with store.writing() as connection:
        pause(connection, job.id)
        assert not resume(connection, job.id).is_paused
    assert claim(store, job) is not None


def test_job_that_is_over_can_neither_be_paused_nor_cancelled(store: Store, job: JobRecord):
    with store.writing() as connection:
        assert cancel(connection, job.id)
        assert not pause(connection, job.id)
        assert not cancel(connection, job.id)


def test_resuming_tries_failed_chunks_again_with_three_new_attempts(store: Store, job: JobRecord):
    for held in (must_claim(store, job), must_claim(store, job)):
        with store.writing() as connection:
            if held.span.chunk_index == 0:
                fail_chunk(connection, held, Fault(code="SOURCE_MISSING", message="gone"))
            else:
                commit_chunk(connection, held, [make_frame_observation(pts_seconds=11.0)])
    with store.writing() as connection:
        assert get_job(connection, job.id).state is JobState.COMPLETED_WITH_ERRORS
        again = resume(connection, job.id)
    assert (again.state, again.num_chunks_failed, again.error_code, again.finished_at) == (
        JobState.RUNNING,
        0,
        None,
        None,
    )
    held = must_claim(store, job)
    assert (held.span.chunk_index, held.attempt) == (0, 1)
    with store.writing() as connection:
        commit_chunk(connection, held, [make_frame_observation(pts_seconds=1.0)])
        assert get_job(connection, job.id).state is JobState.DONE


@pytest.mark.parametrize("ending", ["cancel", "done"])
def test_resuming_what_cannot_be_resumed_says_why(store: Store, job: JobRecord, ending: str):
    if ending == "cancel":
        with store.writing() as connection:
            cancel(connection, job.id)
    else:
        for _ in range(2):
            with store.writing() as connection:
                commit_chunk(connection, must_claim_in(connection, job), [])
    message = "was cancelled" if ending == "cancel" else "nothing of it is left to do"
    with store.writing() as connection, pytest.raises(InputError, match=message):
        resume(connection, job.id)


def must_claim_in(connection, job: JobRecord) -> Claim:
    held = claim_next(connection, job.id, lease_owner="a", lease_seconds=60)
    assert held is not None
    return held
