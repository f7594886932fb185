"""The ledger as Prometheus is told it, by whichever process is asked. Never a subject, a path or an id in a label."""

import logging
import time
from collections.abc import Iterator
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from core.errors import StoreUnavailable
from db.queue.overview import Overview, overview
from db.queue.roster import list_workers
from db.store import Store

log = logging.getLogger(__name__)

#: Who scrapes more often is told the same again.
_LOOK_SECONDS: Final = 5.0


class StoreCollector(Collector):
    """Reads the store at each scrape, at most once in five seconds."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen: list[Metric] = []
        self._looks_again_at = 0.0

    def collect(self) -> Iterator[Metric]:
        """Yield every family."""
        if time.monotonic() >= self._looks_again_at:
            self._seen = list(self.look())
            self._looks_again_at = time.monotonic() + _LOOK_SECONDS
        yield from self._seen

    def describe(self) -> list[Metric]:
        """Say nothing before the first scrape: registering must not need a store."""
        return []

    def look(self) -> Iterator[Metric]:
        """Read what there is to tell."""
        return store_families(self._store)


def store_families(store: Store) -> Iterator[Metric]:
    """Yield what the store says as it is now; where it is away, only that it is."""
    try:
        with store.reading() as connection:
            seen = overview(connection)
            workers = list_workers(connection)
    except StoreUnavailable as error:
        log.warning("%s", error)
        yield GaugeMetricFamily("moodline_store_up", "Whether the store answers.", value=0)
        return
    yield GaugeMetricFamily("moodline_store_up", "Whether the store answers.", value=1)
    yield GaugeMetricFamily("moodline_workers", "Workers that have shown themselves lately.", value=len(workers))
    slots = sum(worker.num_slots for worker in workers)
    yield GaugeMetricFamily("moodline_slots", "Chunks that they work on at once.", value=slots)
    yield from _families(seen)


def _families(seen: Overview) -> Iterator[Metric]:
    jobs = GaugeMetricFamily("moodline_jobs", "Jobs by state.", labels=["state"])
    for state, count in seen.num_jobs_by_state.items():
        jobs.add_metric([state.value], count)
    yield jobs
    waiting = GaugeMetricFamily("moodline_chunks_waiting", "Chunks that nobody holds yet.", labels=["queue"])
    for queue, count in seen.num_chunks_waiting.items():
        waiting.add_metric([queue.value], count)
    yield waiting
    oldest = GaugeMetricFamily(
        "moodline_oldest_unfinished_seconds", "Since the oldest unfinished job was submitted.", labels=["queue"]
    )
    for queue, seconds in seen.oldest_unfinished_seconds.items():
        oldest.add_metric([queue.value], seconds)
    yield oldest
    yield GaugeMetricFamily("moodline_chunks_leased", "Chunks in somebody's hands.", value=seen.num_chunks_leased)
    yield GaugeMetricFamily("moodline_leases_expired", "Of these, silent for too long.", value=seen.num_leases_expired)
    yield CounterMetricFamily("moodline_frames", "Frames whose rows are stored.", value=seen.num_frames)
    yield CounterMetricFamily("moodline_chunks_failed", "Chunks that were given up.", value=seen.num_chunks_failed)
