"""What one process of Celery's pool holds: its own store and analysing processes, made after the fork."""

import logging
import os
import select
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from celery import Celery, signals

from db.identity import ID_LENGTH
from db.records import ChunkReference
from db.store import Store
from worker.analysis_processes import AnalysisProcesses
from worker.broker import TASK_NAME
from worker.chunk_worker import ChunkWorker
from worker.lease_owner import this_process
from worker.source import SourceFinder

log = logging.getLogger(__name__)

_MAX_CHUNK_INDEX: Final = 2**31


@dataclass(frozen=True, kw_only=True)
class PoolProcessParts:
    """What a pool process is made of. Called after the fork: neither connections nor networks survive one."""

    open_store: Callable[[], Store]
    new_processes: Callable[[], AnalysisProcesses]
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

    def answer(self, job_id: Any = None, chunk_index: Any = None, *_more: Any, **_named: Any) -> None:
        """Answer a message, whoever sent it: what is no reference to a chunk is dropped without being repeated."""
        chunk = parse_reference(job_id, chunk_index)
        if chunk is None:
            log.warning("a message that means no chunk was dropped; who else can write to this Redis?")
            return
        assert self._worker is not None, "answered before worker_process_init"
        self._worker.answer(chunk)

    def _begin(self, **_signal: Any) -> None:
        self._worker = ChunkWorker(
            store=self._parts.open_store(),
            processes=self._parts.new_processes(),
            sources=SourceFinder(),
            lease_owner=this_process(),
            lease_seconds=self._parts.lease_seconds,
            is_stopping=lambda: _has_ended(self._parts.stop_fd),
        )

    def _end(self, **_signal: Any) -> None:
        if self._worker is not None:
            self._worker.processes.stop()
            self._worker.store.close()


def parse_reference(job_id: Any, chunk_index: Any) -> ChunkReference | None:
    """Return the chunk that a message's two values mean; None where they cannot mean one."""
    if not isinstance(job_id, str) or not isinstance(chunk_index, int) or isinstance(chunk_index, bool):
        return None
    if not 0 <= chunk_index < _MAX_CHUNK_INDEX or not _is_id(job_id):
        return None
    return ChunkReference(job_id=job_id, chunk_index=chunk_index)


def _is_id(text: str) -> bool:
    return len(text) == ID_LENGTH and set(text) <= set("0123456789abcdef")


def _has_ended(fd: int) -> bool:
    """Whether the writing end of a pipe is closed. Nothing is ever written to it."""
    readable, _, _ = select.select([fd], [], [], 0)
    return bool(readable) and os.read(fd, 1) == b""
