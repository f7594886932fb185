"""What one process of Celery's pool holds: its own store and analysing processes, made after the fork."""

import os
import select
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from celery import Celery, signals

from db.records import ChunkReference
from db.source_files import SourceFinder
from db.store import Store
from video.fragment_store import FragmentStore
from worker.analysis_processes import AnalysisProcesses
from worker.checked_transport import TASK_NAME
from worker.chunk_worker import ChunkWorker
from worker.lease_owner import this_process


@dataclass(frozen=True, kw_only=True)
class PoolProcessParts:
    """What a pool process is made of. Called after the fork: neither connections nor networks survive one."""

    open_store: Callable[[], Store]
    new_processes: Callable[[], AnalysisProcesses]
    open_fragments: Callable[[], FragmentStore]
    lease_seconds: float
    stop_fd: int  # the reading end of a pipe whose end means: give back what you hold


class PoolProcess:
    """Registers the task, and answers its messages with this process's own worker."""

    def __init__(self, celery: Celery, parts: PoolProcessParts) -> None:
        self._parts = parts
        self._worker: ChunkWorker | None = None
        celery.task(name=TASK_NAME)(self.answer)
        signals.worker_process_init.connect(self._begin)
        signals.worker_process_shutdown.connect(self._end)

    def answer(self, job_id: str, chunk_index: int) -> None:
        """Answer a doorbell; CheckedTransport lets nothing else in."""
        assert self._worker is not None, "answered before worker_process_init"
        self._worker.answer(ChunkReference(job_id=job_id, chunk_index=chunk_index))

    def _begin(self, **_signal: Any) -> None:
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
        if self._worker is not None:
            self._worker.processes.stop()
            self._worker.store.close()


def _has_ended(fd: int) -> bool:
    """Whether the writing end of a pipe is closed. Nothing is ever written to it."""
    readable, _, _ = select.select([fd], [], [], 0)
    return bool(readable) and os.read(fd, 1) == b""
