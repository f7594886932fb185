"""Workers show themselves, and one of several equals leads."""

import pytest
from sqlalchemy import update

from db.queue.roster import dismiss_worker, lead, list_workers, show_worker, step_down
from db.states import JobQueue
from db.store import Store
from db.tables import LeadershipTable, WorkerTable

QUEUES = (JobQueue.ARCHIVE, JobQueue.LIVE)


def show(store: Store, worker_id: str, *, num_slots: int = 2) -> None:
    with store.writing() as connection:
        show_worker(connection, worker_id, queues=QUEUES, num_slots=num_slots, device="cpu")


def test_worker_that_showed_itself_is_listed_once_with_its_newest_word(store: Store):
    show(store, "host/1/2", num_slots=2)
    show(store, "host/1/2", num_slots=3)
    with store.reading() as connection:
        (worker,) = list_workers(connection)
    assert (worker.id, worker.queues, worker.num_slots, worker.device) == ("host/1/2", QUEUES, 3, "cpu")
    assert worker.seen_seconds_ago == pytest.approx(0, abs=5)


def test_silent_or_dismissed_worker_is_not_listed(store: Store):
    for worker_id in ("silent", "dismissed", "here"):
        show(store, worker_id)
    with store.writing() as connection:
        connection.execute(update(WorkerTable).where(WorkerTable.id == "silent").values(seen_at_seconds=0.0))
        dismiss_worker(connection, "dismissed")
        assert [worker.id for worker in list_workers(connection)] == ["here"]


def test_one_leads_until_its_lease_ends_or_it_steps_down(store: Store):
    def takes_lead(holder: str) -> bool:
        with store.writing() as connection:
            return lead(connection, "dispatcher", holder=holder, lease_seconds=15)

    assert takes_lead("a")
    assert not takes_lead("b")
    assert takes_lead("a"), "a keeps the lead"
    with store.writing() as connection:
        step_down(connection, "dispatcher", holder="a")
    assert takes_lead("b")
    with store.writing() as connection:
        step_down(connection, "dispatcher", holder="a")
    assert not takes_lead("a"), "only the holder can step down"
    with store.writing() as connection:
        connection.execute(update(LeadershipTable).values(until_seconds=0.0))
    assert takes_lead("a")
