"""The composition root of the pool's processes: store, doorbell, dispatcher and supervisor, and what signals do."""

import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from core.errors import InputError
from core.settings import load_settings
from db.states import JobQueue
from db.store import Store, open_store
from worker.broker import POOL_QUEUES
from worker.dispatcher import Dispatcher
from worker.doorbell import CeleryDoorbell
from worker.lease_owner import this_process
from worker.supervisor import Supervisor, WorkerOptions


def worker_options(
    *, concurrency: int | None, device: str | None, queues: str, grace_seconds: float, health_file: Path | None
) -> WorkerOptions:
    """Complete what a call left open. Raises InputError for a queue that does not exist."""
    device = device or load_settings().device
    return WorkerOptions(
        concurrency=concurrency or (1 if device.startswith("cuda") else os.cpu_count() or 1),
        queues=_parse_queues(queues),
        device=device,
        grace_seconds=grace_seconds,
        health_file=health_file,
        log_level=logging.getLevelName(logging.getLogger().level),
    )


def run_worker(options: WorkerOptions, *, db_url: str | None, dispatches: bool) -> None:
    """Run a worker until it is told to stop."""
    settings = load_settings()
    # what the Celery process reads: it is another program, which makes its own connections
    hand_down("db_url", db_url or settings.db_url)
    os.environ["MOODLINE_DEVICE"] = options.device
    with _opened(db_url or settings.db_url) as store, _stopping_on_signals() as (stop, hurry):
        typer.echo(
            f"worker: {options.concurrency} at once on {options.device}, queues {', '.join(options.queues)}; "
            "Ctrl-C finishes what is in hand",
            err=True,
        )
        with _dispatching(store, settings.broker_url, stop) if dispatches else _nothing():
            Supervisor(store, options, worker_id=this_process()).run(stop, hurry=hurry)
    typer.echo("worker: stopped", err=True)


def hand_down(setting: str, value: str) -> None:
    """Give a setting to this process's children, in the place of whatever they would have read."""
    name = f"MOODLINE_{setting.upper()}"
    os.environ[name] = value
    os.environ.pop(f"{name}_FILE", None)


def run_dispatcher(*, db_url: str | None) -> None:
    """Run a dispatcher alone until it is told to stop."""
    settings = load_settings()
    with _opened(db_url or settings.db_url) as store, _stopping_on_signals() as (stop, _):
        typer.echo("dispatcher: running; Ctrl-C stops it", err=True)
        Dispatcher(store, CeleryDoorbell(settings.broker_url), holder=this_process()).run(stop)


@contextmanager
def _dispatching(store: Store, broker_url: str, stop: threading.Event) -> Iterator[None]:
    dispatcher = Dispatcher(store, CeleryDoorbell(broker_url), holder=this_process())
    thread = threading.Thread(target=dispatcher.run, args=(stop,), name="dispatcher")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def _opened(db_url: str) -> Iterator[Store]:
    store = open_store(db_url)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _stopping_on_signals() -> Iterator[tuple[threading.Event, threading.Event]]:
    """Give the events that the first and the second SIGINT or SIGTERM set."""
    stop, hurry = threading.Event(), threading.Event()

    def take(_number: int, _frame: object) -> None:
        (hurry if stop.is_set() else stop).set()

    before = {number: signal.signal(number, take) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop, hurry
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _parse_queues(text: str) -> tuple[JobQueue, ...]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    allowed = [queue.value for queue in POOL_QUEUES]
    wrong = [name for name in names if name not in allowed]
    if wrong or not names:
        raise InputError(f"--queues {text}: choose from {', '.join(allowed)}")
    return tuple(JobQueue(name) for name in dict.fromkeys(names))
