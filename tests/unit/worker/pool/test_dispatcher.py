"""The dispatcher: a bounded window, repeats, recovery; and however many run, each row is there once."""

import threading

import pytest
from sqlalchemy import update

from core.errors import BrokerUnavailable
from db.clock import database_seconds
from db.jobs import get_job
from db.queue.ledger import claim_chunk
from db.queue.roster import show_worker
from db.records import JobRecord
from db.states import JobQueue, JobState
from db.store import Store
from db.tables import ChunkTable
from tests.pool_fakes import FakeDoorbell, make_worker, submit_job, write_source
from worker.pool import dispatcher as dispatcher_module
from worker.pool.dispatcher import STALE_SECONDS, Dispatcher
from worker.pool.lease_owner import this_process


@pytest.fixture(autouse=True)
def job(store: Store, tmp_path) -> JobRecord:
    return submit_job(store, write_source(tmp_path), num_chunks=10)


def make_dispatcher(store: Store, doorbell: FakeDoorbell, *, holder: str = "a") -> Dispatcher:
    return Dispatcher(store, doorbell, holder=holder)


def rung(doorbell: FakeDoorbell) -> list[int]:
    return [chunk.chunk_index for chunk in doorbell.waiting[JobQueue.ARCHIVE]]


def make_rings_stale(store: Store) -> None:
    with store.writing() as connection:
        connection.execute(update(ChunkTable).values(published_at_seconds=database_seconds() - STALE_SECONDS - 1))


def test_without_a_worker_a_small_window_is_rung_and_no_more(store: Store):
    doorbell = FakeDoorbell()
    dispatcher = make_dispatcher(store, doorbell)
    assert dispatcher.tick() == 4
    assert dispatcher.tick() == 0
    assert rung(doorbell) == [0, 1, 2, 3]


def test_window_grows_with_the_workers_of_the_queue(store: Store):
    with store.writing() as connection:
        show_worker(connection, "w1", queues=(JobQueue.ARCHIVE,), num_slots=3, device="cpu")
        show_worker(connection, "w2", queues=(JobQueue.LIVE,), num_slots=3, device="cpu")
    assert make_dispatcher(store, FakeDoorbell()).tick() == 6


def test_queue_does_not_grow_while_nobody_takes_from_it(store: Store):
    doorbell = FakeDoorbell()
    dispatcher = make_dispatcher(store, doorbell)
    for _ in range(5):
        dispatcher.tick()
        make_rings_stale(store)
    assert len(rung(doorbell)) == 4


def test_lost_messages_are_rung_for_again_when_they_are_stale(store: Store):
    doorbell = FakeDoorbell()
    dispatcher = make_dispatcher(store, doorbell)
    dispatcher.tick()
    doorbell.waiting[JobQueue.ARCHIVE].clear()
    assert dispatcher.tick() == 0
    make_rings_stale(store)
    assert dispatcher.tick() == 4
    assert rung(doorbell) == [0, 1, 2, 3]


def test_job_is_worked_off_window_by_window(store: Store, job: JobRecord):
    doorbell, worker = FakeDoorbell(), make_worker(store)
    dispatcher = make_dispatcher(store, doorbell)
    while dispatcher.tick():
        doorbell.answer_all(worker)
    with store.reading() as connection:
        done = get_job(connection, job.id)
    assert (done.state, done.num_frames, doorbell.num_rings) == (JobState.DONE, 10, 10)


def test_one_of_two_dispatchers_rings_and_the_other_takes_over_when_it_stops(store: Store):
    doorbell = FakeDoorbell()
    first, second = make_dispatcher(store, doorbell, holder="a"), make_dispatcher(store, doorbell, holder="b")
    assert (first.tick(), second.tick()) == (4, 0)
    stopped = threading.Event()
    stopped.set()
    first.run(stopped)
    doorbell.answer_all(make_worker(store))
    assert make_dispatcher(store, doorbell, holder="b").tick() == 4
    assert second.tick() == 0, "it asks again after some seconds only"


def test_chunks_that_could_not_be_rung_are_due_when_the_broker_is_back(store: Store):
    doorbell = FakeDoorbell()
    dispatcher = make_dispatcher(store, doorbell)
    doorbell.rings_until_away = 1
    with pytest.raises(BrokerUnavailable):
        dispatcher.tick()
    doorbell.rings_until_away = None
    assert dispatcher.tick() == 3
    assert rung(doorbell) == [0, 1, 2, 3]


def test_run_goes_on_through_an_absence_of_the_broker(store: Store, monkeypatch):
    monkeypatch.setattr(dispatcher_module, "_AWAY_SECONDS", 0.0)
    monkeypatch.setattr(dispatcher_module, "TICK_SECONDS", 0.0)
    stop = threading.Event()

    class Returning(FakeDoorbell):
        def ring(self, queue, chunk):
            if self.rings_until_away == 0:
                self.rings_until_away = None
                raise BrokerUnavailable("away for once")
            super().ring(queue, chunk)
            if self.num_rings == 4:
                stop.set()

    doorbell = Returning()
    doorbell.rings_until_away = 0
    make_dispatcher(store, doorbell).run(stop)
    assert rung(doorbell) == [0, 1, 2, 3]


def test_chunk_of_a_dead_process_of_this_machine_is_rung_for_at_once(store: Store):
    doorbell = FakeDoorbell()
    dispatcher = make_dispatcher(store, doorbell)
    dispatcher.tick()
    taken = doorbell.waiting[JobQueue.ARCHIVE].pop(0)
    with store.writing() as connection:
        claim_chunk(connection, taken, lease_owner=_dead_process(), lease_seconds=3600)
    assert dispatcher.tick() == 1
    assert rung(doorbell) == [1, 2, 3, 0]


def test_chunk_of_a_process_of_another_machine_is_left_to_its_lease(store: Store):
    doorbell = FakeDoorbell()
    dispatcher = make_dispatcher(store, doorbell)
    dispatcher.tick()
    taken = doorbell.waiting[JobQueue.ARCHIVE].pop(0)
    with store.writing() as connection:
        claim_chunk(connection, taken, lease_owner="another-host/1/1", lease_seconds=3600)
    dispatcher.tick()
    assert 0 not in rung(doorbell)


def _dead_process() -> str:
    host, pid, _ = this_process().rsplit("/", maxsplit=2)
    return f"{host}/{pid}/0"


def test_work_on_somebody_whose_consent_ran_out_ends_within_seconds(store: Store, monkeypatch):
    asked = []
    monkeypatch.setattr(dispatcher_module.subjects, "cancel_expired", asked.append)
    make_dispatcher(store, FakeDoorbell()).tick()
    assert len(asked) == 1
