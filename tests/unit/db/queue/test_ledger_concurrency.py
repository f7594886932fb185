"""Several processes on one SQLite file: every chunk is committed exactly once, and no counter loses an update."""

from collections import Counter
from concurrent.futures import Executor

import pytest

from db.jobs import get_job
from db.observations import stream_frames
from db.queue.ledger import claim_next, commit_chunk
from db.records import Submission
from db.states import JobState
from db.store import Store, open_store
from db.submission import submit
from tests.factories import make_frame_observation, make_request

pytestmark = pytest.mark.thorough

NUM_PROCESSES = 4
NUM_CHUNKS = 40
FRAMES_PER_CHUNK = 5


def work_until_done(url: str, job_id: str, lease_owner: str) -> list[int]:
    store = open_store(url)
    committed = []
    while True:
        with store.writing() as connection:
            held = claim_next(connection, job_id, lease_owner=lease_owner, lease_seconds=60)
        if held is None:
            store.close()
            return committed
        start_us, first_index = held.span.start_us, held.span.first_frame_index
        frames = [
            make_frame_observation(pts_us=start_us + n * 40_000, frame_index=first_index + n)
            for n in range(FRAMES_PER_CHUNK)
        ]
        with store.writing() as connection:
            commit_chunk(connection, held, frames)
        committed.append(held.span.chunk_index)


def submit_request(url: str) -> Submission:
    store = open_store(url)
    try:
        with store.writing() as connection:
            return submit(connection, make_request())
    finally:
        store.close()


def test_four_processes_commit_every_chunk_exactly_once(processes: Executor, store: Store, store_url: str):
    with store.writing() as connection:
        job = submit(connection, make_request(num_chunks=NUM_CHUNKS)).job
    calls = [(store_url, job.id, f"worker {n}") for n in range(NUM_PROCESSES)]
    shares = list(processes.map(work_until_done, *zip(*calls, strict=True)))
    assert Counter(index for share in shares for index in share) == Counter(range(NUM_CHUNKS))
    with store.reading() as connection:
        done = get_job(connection, job.id)
        num_frames = sum(1 for _ in stream_frames(connection, job.id))
    assert (done.state, done.num_chunks_done) == (JobState.DONE, NUM_CHUNKS)
    assert done.num_frames == num_frames == NUM_CHUNKS * FRAMES_PER_CHUNK


def test_request_submitted_by_four_processes_at_once_is_one_job(processes: Executor, store_url: str):
    submissions = list(processes.map(submit_request, [store_url] * NUM_PROCESSES))
    assert len({submission.job.id for submission in submissions}) == 1
    assert [submission.created for submission in submissions].count(True) == 1
