"""Works the pool's queue of files off without a broker: looks into the ledger itself instead of waiting for a doorbell.

Beside a pool it is one more worker; what it takes is leased, so that nothing is done twice.
"""

import logging
import threading
from typing import Final

from core.errors import StoreUnavailable
from db.people import subjects
from db.queue import dispatch, ledger
from db.records import ChunkReference
from db.states import JobQueue
from db.store import Store
from worker.pool.chunk_worker import Answer, ChunkWorker
from worker.pool.lease_owner import is_alive

log = logging.getLogger(__name__)

#: How often to look while there is nothing to do, and how long to leave a store alone that is away.
_LOOK_SECONDS: Final = 0.5
_AWAY_SECONDS: Final = 3.0

#: A chunk that a dispatcher rang for is another's for so long.
_STALE_SECONDS: Final = 30.0


class QueueRunner:
    """One slot that finds its work by itself."""

    def __init__(self, store: Store, worker: ChunkWorker) -> None:
        self._store = store
        self._worker = worker

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; a store that is away is waited for."""
        while not stop.is_set():
            try:
                answer = self.take_one()
            except StoreUnavailable as error:
                log.warning("%s", error)
                stop.wait(_AWAY_SECONDS)
                continue
            if answer in (None, Answer.NOT_FREE):
                stop.wait(_LOOK_SECONDS)

    def take_one(self) -> Answer | None:
        """Do the chunk that is due first; None: nothing is due."""
        chunk = self._first_due()
        return None if chunk is None else self._worker.answer(chunk)

    def _first_due(self) -> ChunkReference | None:
        with self._store.writing() as connection:
            ledger.release_dead_leases(connection, is_alive)
            subjects.cancel_expired(connection)
            found = dispatch.due_chunks(connection, JobQueue.ARCHIVE, limit=1, stale_seconds=_STALE_SECONDS)
        return found[0] if found else None
