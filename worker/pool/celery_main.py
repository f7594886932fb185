"""Entry point of a worker's Celery process (`python -m worker.pool.celery_main`), which supervisor.py starts.

Reads the settings, makes the queue's application, and runs it until it is told to stop.
"""

import argparse
import logging
import os
import signal
import sys
from collections.abc import Callable

from core.settings import Settings, load_settings
from db.store import open_store
from video.fragments.redis_fragments import open_fragment_store
from video.isolation.process_limits import ask_for_signal_at_parents_death
from video.limits import MediaLimits
from worker.analysis.process import AnalysisProcess
from worker.analysis.processes import AnalysisProcesses, starts_installed_models
from worker.broker import make_celery
from worker.pictures.tickets import PictureTickets
from worker.pool.log_redaction import hide_message_bodies
from worker.pool.pool_process import PoolProcess, PoolProcessParts


def main(arguments: list[str]) -> int:
    """Run the pool with the models that are installed; return its exit code: 0 where it was asked to stop."""
    settings = load_settings()
    start = starts_installed_models(more_cards=settings.models_dir, device=settings.device, limits=MediaLimits())
    return run_pool(arguments, settings, start)


def run_pool(arguments: list[str], settings: Settings, start: Callable[[str], AnalysisProcess]) -> int:
    """Run the pool with what starts the analysing process of a model version."""
    asked = _parse(arguments)
    # the chunks in hand are finished or given back; a supervisor that is killed leaves no worker behind
    ask_for_signal_at_parents_death(signal.SIGTERM, parent_pid=asked.parent_pid)
    logging.basicConfig(level=asked.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    hide_message_bodies()
    celery = make_celery(settings.broker_url)
    PoolProcess(
        celery,
        PoolProcessParts(
            open_store=lambda: open_store(settings.db_url),
            new_processes=lambda: AnalysisProcesses(start),
            open_fragments=lambda: open_fragment_store(
                settings.fragments_url or settings.broker_url, limits=MediaLimits()
            ),
            open_tickets=lambda: PictureTickets(settings.broker_url),
            lease_seconds=settings.lease_seconds,
            stop_fd=asked.stop_fd,
        ),
    )
    worker = celery.Worker(
        hostname=f"moodline-{os.getpid()}@%h",
        pool="prefork",
        concurrency=asked.concurrency,
        queues=asked.queues,
        loglevel=asked.log_level,
        optimization="fair",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
    )
    worker.start()
    return int(worker.exitcode or 0)


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Started by `moodline worker`, not by hand.")
    parser.add_argument("--concurrency", type=int, required=True)
    parser.add_argument("--queues", required=True, help="live,archive,pictures")
    parser.add_argument("--stop-fd", type=int, required=True, help="a pipe whose end means: give chunks back")
    parser.add_argument("--parent-pid", type=int, required=True)
    parser.add_argument("--log-level", default="WARNING")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
