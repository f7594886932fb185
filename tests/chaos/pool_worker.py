"""What chaos tests start and kill: a worker, a dispatcher alone, a producer. Settings come from the environment."""

import sys
import threading
from pathlib import Path

from core.settings import load_settings
from db.states import JobQueue
from db.store import open_store
from db.submission import submit
from tests.factories import make_request
from worker.broker import POOL_QUEUES
from worker.pool.dispatcher import Dispatcher
from worker.pool.doorbell import CeleryDoorbell
from worker.pool.lease_owner import this_process
from worker.pool.supervisor import Supervisor, WorkerOptions


def run_worker() -> None:
    """Supervise a pool of two slots, and dispatch beside it."""
    stop = threading.Event()
    threading.Thread(target=run_dispatcher, args=(stop,), daemon=True).start()
    options = WorkerOptions(concurrency=2, queues=POOL_QUEUES, device="cpu", grace_seconds=5)
    supervisor = Supervisor(
        open_store(load_settings().db_url), options, worker_id=this_process(), module="tests.chaos.pool_celery"
    )
    supervisor.run(stop, hurry=threading.Event())


def run_dispatcher(stop: threading.Event) -> None:
    """Dispatch."""
    settings = load_settings()
    Dispatcher(open_store(settings.db_url), CeleryDoorbell(settings.broker_url), holder=this_process()).run(stop)


def run_producer(source: Path, num_jobs: int, num_chunks: int) -> None:
    """Submit jobs, as the same call again would; say when all are in."""
    store = open_store(load_settings().db_url)
    content, modified_ns = source.read_bytes(), source.stat().st_mtime_ns
    for number in range(num_jobs):
        request = make_request(
            num_chunks=num_chunks,
            path=str(source),
            content=content,
            modified_ns=modified_ns,
            owner=f"owner {number}",
            queue=JobQueue.LIVE if number % 3 == 0 else JobQueue.ARCHIVE,
        )
        with store.writing() as connection:
            submit(connection, request)
    print("all submitted", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "worker":
        run_worker()
    elif sys.argv[1] == "dispatcher":
        run_dispatcher(threading.Event())
    else:
        run_producer(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
