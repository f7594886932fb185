"""Rings the doorbells that are due: a bounded window a queue, by priority, again where a ring was lost.

Any number may run; one leads. Were two to lead, chunks would be rung for twice, which costs time and no rows.
"""

import logging
import threading
import time
from collections.abc import Sequence
from typing import Final

from core.errors import BrokerUnavailable, StoreUnavailable
from db.people import subjects
from db.queue import dispatch, ledger, roster
from db.records import ChunkReference, WorkerRecord
from db.states import JobQueue
from db.store import Store
from worker.broker import POOL_QUEUES
from worker.pool import metrics
from worker.pool.doorbell import Doorbell
from worker.pool.lease_owner import is_alive
from worker.pool.pulse import Pulse

log = logging.getLogger(__name__)

#: How often the ledger is looked at, and how long to leave a store or broker alone that is away.
TICK_SECONDS: Final = 0.5
_AWAY_SECONDS: Final = 3.0

#: A ring that nobody answered is repeated after this.
STALE_SECONDS: Final = 30.0

#: Doorbells in a queue at once: enough that no slot waits for a tick, few enough that priorities are felt soon and a
#: flushed Redis costs little.
_RINGS_PER_SLOT: Final = 2
_MIN_WINDOW: Final = 4

_LEADERSHIP: Final = "dispatcher"
_LEAD_SECONDS: Final = 15.0
_RENEW_SECONDS: Final = 5.0


class Dispatcher:
    """One process's dispatcher; `holder` is worker.pool.lease_owner.this_process()."""

    def __init__(self, store: Store, doorbell: Doorbell, *, holder: str) -> None:
        self._store = store
        self._doorbell = doorbell
        self._holder = holder
        self._asks_again_at = 0.0  # time.monotonic() at which the lead is asked for again
        self._leads = False
        self.pulse = Pulse()

    def run(self, stop: threading.Event) -> None:
        """Dispatch until `stop` is set, and go on through any absence of store or broker."""
        was_away = False
        while not stop.is_set():
            self.pulse.beat()
            try:
                self.tick()
            except (StoreUnavailable, BrokerUnavailable) as error:
                metrics.AWAY.inc()
                if not was_away:
                    log.warning("%s", error)
                was_away = True
                stop.wait(_AWAY_SECONDS)
                continue
            if was_away:
                log.warning("store and broker are back")
                was_away = False
            stop.wait(TICK_SECONDS)
        self._step_down()

    def tick(self) -> int:
        """Free what dead workers of this machine held; if this one leads, ring what is due. Return how many rang."""
        self._release_dead_leases()
        if time.monotonic() >= self._asks_again_at:
            self._ask_for_lead()
        if not self._leads:
            return 0
        with self._store.reading() as connection:
            workers = roster.list_workers(connection)
        return sum(self._ring(queue, workers) for queue in POOL_QUEUES)

    def _release_dead_leases(self) -> None:
        """Every dispatcher does this, leading or not: only a process of the same machine can tell that another died."""
        with self._store.reading() as connection:
            owners = ledger.lease_owners(connection)
        if not all(is_alive(owner) for owner in owners):
            with self._store.writing() as connection:
                num_released = ledger.release_dead_leases(connection, is_alive)
            metrics.LEASES_FREED.inc(num_released)
            log.info("%d chunks of dead workers are free again", num_released)

    def _ask_for_lead(self) -> None:
        with self._store.writing() as connection:
            self._leads = roster.lead(connection, _LEADERSHIP, holder=self._holder, lease_seconds=_LEAD_SECONDS)
            if self._leads:
                ledger.give_up_lost(connection)
                subjects.cancel_expired(connection)
        self._asks_again_at = time.monotonic() + _RENEW_SECONDS

    def _ring(self, queue: JobQueue, workers: Sequence[WorkerRecord]) -> int:
        num_slots = sum(worker.num_slots for worker in workers if queue in worker.queues)
        window = max(_MIN_WINDOW, _RINGS_PER_SLOT * num_slots)
        with self._store.reading() as connection:
            num_ringing = dispatch.num_ringing(connection, queue, stale_seconds=STALE_SECONDS)
            if num_ringing >= window:
                return 0
            due = dispatch.due_chunks(connection, queue, limit=window - num_ringing, stale_seconds=STALE_SECONDS)
        if not due:
            return 0
        # Stale rings may lie in the queue still: with no worker about, it must not grow by a window every 30 s.
        room = window - max(num_ringing, self._doorbell.num_waiting(queue))
        return self._ring_for(queue, due[: max(0, room)])

    def _ring_for(self, queue: JobQueue, due: list[ChunkReference]) -> int:
        # Noted before it is done: killed in between, the note goes stale and the ring is repeated.
        with self._store.writing() as connection:
            dispatch.mark_rung(connection, due)
        for num_rung, chunk in enumerate(due):
            try:
                self._doorbell.ring(queue, chunk)
            except BrokerUnavailable:
                with self._store.writing() as connection:
                    dispatch.mark_unrung(connection, due[num_rung:])
                raise
            metrics.RINGS.labels(queue.value).inc()
        return len(due)

    def _step_down(self) -> None:
        try:
            with self._store.writing() as connection:
                roster.step_down(connection, _LEADERSHIP, holder=self._holder)
        except StoreUnavailable as error:
            log.warning("%s", error)
