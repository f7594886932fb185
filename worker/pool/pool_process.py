"""What one process of Celery's pool holds: its own store and analysing processes, made after the fork."""

import os
import select
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from celery import Celery, signals

from db.archive.source_files import SourceFinder
from db.records import ChunkReference
from db.store import Store
from video.fragments.fragment_store import FragmentStore
from worker.analysis.processes import AnalysisProcesses
from worker.checked_transport import PICTURE_TASK_NAME, TASK_NAME
from worker.pictures.answering import answer_ticket
from worker.pictures.tickets import PictureTickets
from worker.pool.chunk_worker import ChunkWorker
from worker.pool.lease_owner import this_process


@dataclass(frozen=True, kw_only=True)
class PoolProcessParts:
    """What a pool process is made of. Called after the fork: neither connections nor networks survive one."""

    open_store: Callable[[], Store]
    new_processes: Callable[[], AnalysisProcesses]
    open_fragments: Callable[[], FragmentStore]
    open_tickets: Callable[[], PictureTickets]
    lease_seconds: float
    stop_fd: int  # the reading end of a pipe whose end means: give back what you hold


class PoolProcess:
    """Registers the task, and answers its messages with this process's own worker."""

    def __init__(self, celery: Celery, parts: PoolProcessParts) -> None:
        self._parts = parts
        self._worker: ChunkWorker | None = None
        self._tickets: PictureTickets | None = None
        celery.task(name=TASK_NAME)(self.answer)
        celery.task(name=PICTURE_TASK_NAME)(self.read_picture)
        signals.worker_process_init.connect(self._begin)
        signals.worker_process_shutdown.connect(self._end)

    def answer(self, job_id: str, chunk_index: int) -> None:
        """Answer a doorbell; CheckedTransport lets nothing else in."""
        assert self._worker is not None, "answered before worker_process_init"
        self._worker.answer(ChunkReference(job_id=job_id, chunk_index=chunk_index))

    def read_picture(self, ticket: str) -> None:
        """Read the picture of a ticket, if anybody still waits for it."""
        assert self._worker is not None, "answered before worker_process_init"
        assert self._tickets is not None, "answered before worker_process_init"
        answer_ticket(self._tickets, ticket, self._worker.processes)

    def _begin(self, **_signal: Any) -> None:
        self._tickets = self._parts.open_tickets()
        self._worker = ChunkWorker(
            store=self._parts.open_store(),
            processes=self._parts.new_processes(),
            sources=SourceFinder(),
            fragments=self._parts.open_fragments(),
            lease_owner=this_process(),
            lease_seconds=self._parts.lease_seconds,
            is_stopping=lambda: _has_ended(self._parts.stop_fd),
        )

    def _end(self, **_signal: Any) -> None:
        if self._tickets is not None:
            self._tickets.close()
        if self._worker is not None:
            self._worker.processes.stop()
            self._worker.store.close()


def _has_ended(fd: int) -> bool:
    """Whether the writing end of a pipe is closed. Nothing is ever written to it."""
    readable, _, _ = select.select([fd], [], [], 0)
    return bool(readable) and os.read(fd, 1) == b""
