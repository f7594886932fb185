"""Keeps a worker running: starts its Celery process, starts it again when it ends, dispatches beside it, shows itself.

Celery ends when somebody writes garbage into its queue, so somebody must be there who does not.
"""

import contextlib
import logging
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.errors import StoreUnavailable
from db.queue import roster
from db.states import JobQueue
from db.store import Store
from worker.broker import PICTURE_QUEUE
from worker.pool.pulse import Pulse

log = logging.getLogger(__name__)

_LOOK_SECONDS: Final = 0.5
_SHOW_SECONDS: Final = 10.0

#: Waits before a Celery process that ended is started again; the longest is kept. Half a minute of life starts anew.
_RESTART_SECONDS: Final = (0.5, 1.0, 2.0, 5.0, 10.0)
_WELL_AFTER_SECONDS: Final = 30.0

#: After the chunks in hand were asked back, so long until what still runs is killed.
_RETURN_SECONDS: Final = 15.0


@dataclass(frozen=True, kw_only=True)
class WorkerOptions:
    """What a worker is started with."""

    concurrency: int  # chunks that it works on at once
    queues: tuple[JobQueue, ...]
    reads_pictures: bool = True  # that somebody waits for, between chunks
    device: str
    grace_seconds: float  # chunks in hand may take so long to finish when the worker is stopped
    log_level: str = "WARNING"
    health_file: Path | None = None  # touched every ten seconds while this process comes round

    @property
    def queue_names(self) -> list[str]:
        """All queues that its Celery process takes messages from."""
        return [*self.queues, *([PICTURE_QUEUE] if self.reads_pictures else [])]


class Supervisor:
    """One worker: a Celery process with its slots, kept running until `stop` is set."""

    def __init__(
        self, store: Store, options: WorkerOptions, *, worker_id: str, module: str = "worker.pool.celery_main"
    ) -> None:
        """Take the store to show itself in, and the module that runs Celery's pool."""
        self._store = store
        self._options = options
        self._worker_id = worker_id
        self._module = module
        self._stop_pipe: tuple[int, int] = os.pipe()  # its end tells every slot to give back what it holds
        self._shows_again_at = 0.0
        self.pulse = Pulse()

    def run(self, stop: threading.Event, *, hurry: threading.Event) -> None:
        """Run until `stop`: then chunks in hand are finished within the grace, or given back; at once with `hurry`."""
        failures = 0
        while not stop.is_set():
            began = time.monotonic()
            celery = self._start()
            while celery.poll() is None and not stop.is_set():
                self._show()
                stop.wait(_LOOK_SECONDS)
            if stop.is_set():
                self._end(celery, hurry)
                break
            failures = 0 if time.monotonic() - began > _WELL_AFTER_SECONDS else failures + 1
            wait = _RESTART_SECONDS[min(failures, len(_RESTART_SECONDS) - 1)]
            log.error("the worker's Celery process ended with code %s; starting it again", celery.returncode)
            stop.wait(wait)
        self._dismiss()

    def _start(self) -> "subprocess.Popen[bytes]":
        options = self._options
        read_end, _ = self._stop_pipe
        arguments = [
            *("--concurrency", str(options.concurrency)),
            *("--queues", ",".join(options.queue_names)),
            *("--stop-fd", str(read_end)),
            *("--parent-pid", str(os.getpid())),
            *("--log-level", options.log_level),
        ]
        # A group of its own: Ctrl-C reaches this process alone, which then ends the other in good order.
        return subprocess.Popen(
            [sys.executable, "-m", self._module, *arguments],
            pass_fds=[read_end],
            process_group=0,
        )

    def _end(self, celery: "subprocess.Popen[bytes]", hurry: threading.Event) -> None:
        celery.terminate()  # Celery's warm shutdown: no new chunk, wait for those in hand
        deadline = time.monotonic() + self._options.grace_seconds
        while celery.poll() is None and time.monotonic() < deadline and not hurry.is_set():
            self._show()
            hurry.wait(_LOOK_SECONDS)
        os.close(self._stop_pipe[1])
        try:
            celery.wait(_RETURN_SECONDS)
        except subprocess.TimeoutExpired:
            log.error("the worker's Celery process did not end; killing it. Its chunks are free when it is gone")
            celery.kill()
            celery.wait()

    def _show(self) -> None:
        self.pulse.beat()
        if time.monotonic() < self._shows_again_at:
            return
        self._shows_again_at = time.monotonic() + _SHOW_SECONDS
        options = self._options
        if options.health_file is not None:
            options.health_file.touch()
        try:
            with self._store.writing() as connection:
                roster.show_worker(
                    connection,
                    self._worker_id,
                    queues=options.queues,
                    num_slots=options.concurrency,
                    device=options.device,
                )
        except StoreUnavailable as error:
            log.warning("%s", error)

    def _dismiss(self) -> None:
        with contextlib.suppress(StoreUnavailable), self._store.writing() as connection:
            roster.dismiss_worker(connection, self._worker_id)
