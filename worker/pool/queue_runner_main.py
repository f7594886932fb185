"""Entry point of the runner beside a server (`python -m worker.pool.queue_runner_main`), one slot at work."""

import argparse
import logging
import os
import signal
import sys
import threading
from typing import Final

from core.settings import load_settings
from db.archive.source_files import SourceFinder
from db.store import open_store
from video.fragments.redis_fragments import open_fragment_store
from video.isolation.process_limits import ask_for_signal_at_parents_death
from video.limits import MediaLimits
from worker.analysis.processes import AnalysisProcesses, starts_installed_models
from worker.pool.chunk_worker import ChunkWorker
from worker.pool.lease_owner import this_process
from worker.pool.queue_runner import QueueRunner
from worker.pool.stop_signals import events_of_signals

#: Whoever asks the server for something is answered before anything is worked off.
_NICE: Final = 10


def main(arguments: list[str]) -> int:
    """Work until SIGTERM or SIGINT, or until the parent is gone: the chunk in hand goes back."""
    parser = argparse.ArgumentParser(description="Started by `moodline serve`, not by hand.")
    parser.add_argument("--parent-pid", type=int, required=True)
    asked = parser.parse_args(arguments)
    ask_for_signal_at_parents_death(signal.SIGTERM, parent_pid=asked.parent_pid)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    os.nice(_NICE)
    with events_of_signals(num_events=1) as (stop,):
        _work(stop)
    return 0


def _work(stop: threading.Event) -> None:
    settings, limits = load_settings(), MediaLimits()
    start = starts_installed_models(more_cards=settings.models_dir, device=settings.device, limits=limits)
    store, processes = open_store(settings.db_url), AnalysisProcesses(start)
    try:
        worker = ChunkWorker(
            store=store,
            processes=processes,
            sources=SourceFinder(),
            fragments=open_fragment_store(settings.fragments_url or settings.broker_url, limits=limits),
            lease_owner=this_process(),
            lease_seconds=settings.lease_seconds,
            is_stopping=stop.is_set,
        )
        QueueRunner(store, worker).run(stop)
    finally:
        processes.stop()
        store.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
