"""The composition root of the pool's processes: store, doorbell, dispatcher and supervisor, and what signals do."""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import typer

from core.errors import InputError
from core.settings import load_settings
from db.states import JobQueue
from db.store import Store, open_store
from worker.broker import PICTURE_QUEUE, POOL_QUEUES
from worker.pool.dispatcher import Dispatcher
from worker.pool.doorbell import CeleryDoorbell
from worker.pool.endpoint import serving
from worker.pool.lease_owner import this_process
from worker.pool.metrics import PoolCollector
from worker.pool.pulse import Pulse
from worker.pool.stop_signals import events_of_signals
from worker.pool.supervisor import Supervisor, WorkerOptions


def worker_options(
    *, concurrency: int | None, device: str | None, queues: str, grace_seconds: float, health_file: Path | None
) -> WorkerOptions:
    """Complete what a call left open. Raises InputError for a queue that does not exist."""
    device = device or load_settings().device
    names = _parse_queues(queues)
    return WorkerOptions(
        concurrency=concurrency or (1 if device.startswith("cuda") else os.cpu_count() or 1),
        queues=tuple(JobQueue(name) for name in names if name != PICTURE_QUEUE),
        reads_pictures=PICTURE_QUEUE in names,
        device=device,
        grace_seconds=grace_seconds,
        health_file=health_file,
        log_level=logging.getLevelName(logging.getLogger().level),
    )


def run_worker(
    options: WorkerOptions, *, db_url: str | None, dispatches: bool, metrics: tuple[str, int] | None
) -> None:
    """Run a worker until it is told to stop; `metrics` is where to serve its page for machines."""
    settings = load_settings()
    # what the Celery process reads: it is another program, which makes its own connections
    hand_down("db_url", db_url or settings.db_url)
    os.environ["MOODLINE_DEVICE"] = options.device
    with _opened(db_url or settings.db_url) as store, events_of_signals(num_events=2) as (stop, hurry):
        typer.echo(
            f"worker: {options.concurrency} at once on {options.device}, queues {', '.join(options.queue_names)}; "
            "Ctrl-C finishes what is in hand",
            err=True,
        )
        supervisor = Supervisor(store, options, worker_id=this_process())
        with ExitStack() as running:
            pulses = [supervisor.pulse]
            if dispatches:
                pulses.append(running.enter_context(_dispatching(store, settings.broker_url, stop)).pulse)
            if metrics:
                running.enter_context(_serving_metrics(store, settings.broker_url, metrics, pulses))
            supervisor.run(stop, hurry=hurry)
    typer.echo("worker: stopped", err=True)


def hand_down(setting: str, value: str) -> None:
    """Give a setting to this process's children, in the place of whatever they would have read."""
    name = f"MOODLINE_{setting.upper()}"
    os.environ[name] = value
    os.environ.pop(f"{name}_FILE", None)


def run_dispatcher(*, db_url: str | None, metrics: tuple[str, int] | None) -> None:
    """Run a dispatcher alone until it is told to stop; `metrics` is where to serve its page for machines."""
    settings = load_settings()
    with _opened(db_url or settings.db_url) as store, events_of_signals(num_events=1) as (stop,):
        typer.echo("dispatcher: running; Ctrl-C stops it", err=True)
        dispatcher = Dispatcher(store, CeleryDoorbell(settings.broker_url), holder=this_process())
        with ExitStack() as running:
            if metrics:
                running.enter_context(_serving_metrics(store, settings.broker_url, metrics, [dispatcher.pulse]))
            dispatcher.run(stop)


@contextmanager
def _dispatching(store: Store, broker_url: str, stop: threading.Event) -> Iterator[Dispatcher]:
    dispatcher = Dispatcher(store, CeleryDoorbell(broker_url), holder=this_process())
    thread = threading.Thread(target=dispatcher.run, args=(stop,), name="dispatcher")
    thread.start()
    try:
        yield dispatcher
    finally:
        stop.set()
        thread.join()


@contextmanager
def _serving_metrics(store: Store, broker_url: str, at: tuple[str, int], pulses: list[Pulse]) -> Iterator[None]:
    from prometheus_client import REGISTRY

    collector = PoolCollector(store, broker_url)
    REGISTRY.register(collector)
    host, port = at
    try:
        with serving(host, port, REGISTRY, is_well=lambda: all(pulse.is_felt() for pulse in pulses)) as served:
            typer.echo(f"metrics: http://{host}:{served}/metrics, health at /healthz", err=True)
            yield
    finally:
        REGISTRY.unregister(collector)


def parse_address(text: str) -> tuple[str, int]:
    """Turn "9100" or "0.0.0.0:9100" into host and port; without a host, only this machine is let in."""
    host, _, port = text.rpartition(":")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise InputError(f"--metrics {text}: write a port, or host:port, such as 9100 or 0.0.0.0:9100")
    return host or "127.0.0.1", int(port)


@contextmanager
def _opened(db_url: str) -> Iterator[Store]:
    store = open_store(db_url)
    try:
        yield store
    finally:
        store.close()


def _parse_queues(text: str) -> tuple[str, ...]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    allowed = [*(queue.value for queue in POOL_QUEUES), PICTURE_QUEUE]
    wrong = [name for name in names if name not in allowed]
    if wrong or not names:
        raise InputError(f"--queues {text}: choose from {', '.join(allowed)}")
    return tuple(dict.fromkeys(names))
