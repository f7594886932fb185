"""What Prometheus is told: the ledger and the broker as they are when it asks, and what this dispatcher has done.

Never a subject, a path or an address in a label.
"""

import logging
import time
from collections.abc import Iterator
from typing import Final

import redis
from prometheus_client import Counter
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from core.errors import StoreUnavailable
from db.overview import Overview, overview
from db.roster import list_workers
from db.store import Store
from worker.broker import KEY_PREFIX, POOL_QUEUES

log = logging.getLogger(__name__)

RINGS: Final = Counter("moodline_rings", "Doorbells rung by this dispatcher.", ["queue"])
LEASES_FREED: Final = Counter("moodline_dead_leases_freed", "Chunks freed because their holder had died.")
AWAY: Final = Counter("moodline_dispatcher_away", "Ticks that failed because store or broker was away.")


class PoolCollector(Collector):
    """Reads store and broker at each scrape, at most once in five seconds."""

    def __init__(self, store: Store, broker_url: str) -> None:
        self._store = store
        self._redis = redis.Redis.from_url(broker_url, socket_timeout=5, socket_connect_timeout=5)
        self._seen: list[Metric] = []
        self._looks_again_at = 0.0

    def collect(self) -> Iterator[Metric]:
        """Yield every family."""
        if time.monotonic() >= self._looks_again_at:
            self._seen = [*self._of_store(), *self._of_broker()]
            self._looks_again_at = time.monotonic() + 5.0
        yield from self._seen

    def describe(self) -> list[Metric]:
        """Say nothing before the first scrape: registering must not need a store."""
        return []

    def _of_store(self) -> Iterator[Metric]:
        try:
            with self._store.reading() as connection:
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

    def _of_broker(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("moodline_broker_up", "Whether the broker answers.")
        try:
            waiting = {queue: self._redis.llen(KEY_PREFIX + queue.value) for queue in POOL_QUEUES}
            memory, stats = self._redis.info("memory"), self._redis.info("stats")
        except (redis.RedisError, OSError) as error:
            log.warning("the broker does not answer: %s", type(error).__name__)
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        rings = GaugeMetricFamily("moodline_queue_length", "Doorbells that nobody has taken yet.", labels=["queue"])
        for queue, length in waiting.items():
            rings.add_metric([queue.value], float(length))
        yield rings
        used = float(memory["used_memory"])
        yield GaugeMetricFamily("moodline_broker_memory_bytes", "Memory that the broker uses.", value=used)
        evicted = float(stats["evicted_keys"])
        yield CounterMetricFamily("moodline_broker_evicted_keys", "Must stay 0: noeviction.", value=evicted)


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
