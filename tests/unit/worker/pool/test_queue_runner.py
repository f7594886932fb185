"""Without a broker the queue is worked off by looking: in order, once, and only what is the pool's."""

import threading

import pytest

from core.errors import StoreUnavailable
from db.jobs import get_job
from db.queue.control import pause
from db.states import JobQueue, JobState
from db.store import Store
from db.submission import submit
from tests.factories import make_request
from tests.pool_fakes import CONTENT, FakeProcess, make_worker, submit_job, write_source
from worker.pool.chunk_worker import Answer
from worker.pool.queue_runner import QueueRunner


@pytest.fixture
def source(tmp_path):
    return write_source(tmp_path)


def job_now(store: Store, job_id: str):
    with store.reading() as connection:
        return get_job(connection, job_id)


def test_a_job_is_worked_off_to_its_end_and_no_further(store: Store, source):
    job = submit_job(store, source)
    runner = QueueRunner(store, make_worker(store, FakeProcess()))
    answers = [runner.take_one() for _ in range(job.num_chunks + 1)]
    assert answers == [*[Answer.COMMITTED] * job.num_chunks, None]
    assert job_now(store, job.id).state is JobState.DONE


def test_a_paused_job_and_a_commands_own_are_left_alone(store: Store, source):
    job = submit_job(store, source)
    with store.writing() as connection:
        pause(connection, job.id)
        submit(connection, make_request("own", queue=JobQueue.LOCAL, path=str(source), content=CONTENT + b"2"))
    assert QueueRunner(store, make_worker(store, FakeProcess())).take_one() is None


def test_it_goes_on_when_a_store_that_was_away_is_back(store: Store, source, monkeypatch):
    job = submit_job(store, source)
    monkeypatch.setattr("worker.pool.queue_runner._AWAY_SECONDS", 0.0)
    monkeypatch.setattr("worker.pool.queue_runner._LOOK_SECONDS", 0.0)
    stop = threading.Event()

    class Runner(QueueRunner):
        num_calls = 0

        def take_one(self):
            self.num_calls += 1
            if self.num_calls == 1:
                raise StoreUnavailable("away")
            answer = super().take_one()
            if answer is None:
                stop.set()
            return answer

    Runner(store, make_worker(store, FakeProcess())).run(stop)
    assert job_now(store, job.id).state is JobState.DONE
