"""The runner beside `moodline serve`: a process that works uploads off, started again when it ends."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

log = logging.getLogger(__name__)

_RESTART_SECONDS: Final = 2.0
_PATIENCE_SECONDS: Final = 15.0


@contextmanager
def running_queue_runner() -> Iterator[None]:
    """Keep a runner at work for as long as the block lasts; it reads the settings of this process's environment."""
    stop = threading.Event()
    # the kernel ends the runner together with the thread that started it: this one lives as long as the block
    thread = threading.Thread(target=_keep_running, args=(stop,), name="queue-runner")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _keep_running(stop: threading.Event) -> None:
    while not stop.is_set():
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "worker.pool.queue_runner_main", "--parent-pid", str(os.getpid())],
            start_new_session=True,  # Ctrl-C is the server's to hear, which then ends it in order
        )
        while process.poll() is None and not stop.wait(0.2):
            pass
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(_PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        elif not stop.is_set():
            log.error("the runner ended with exit code %s; starting it again", process.returncode)
            stop.wait(_RESTART_SECONDS)
