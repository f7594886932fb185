"""What Prometheus is told: the ledger and the broker as they are when it asks, and what this dispatcher has done.

Never a subject, a path or an address in a label.
"""

import logging
from collections.abc import Iterator
from typing import Final

import redis
from prometheus_client import Counter
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from db.queue.store_metrics import StoreCollector
from db.store import Store
from worker.broker import KEY_PREFIX, POOL_QUEUES

log = logging.getLogger(__name__)

RINGS: Final = Counter("moodline_rings", "Doorbells rung by this dispatcher.", ["queue"])
LEASES_FREED: Final = Counter("moodline_dead_leases_freed", "Chunks freed because their holder had died.")
AWAY: Final = Counter("moodline_dispatcher_away", "Ticks that failed because store or broker was away.")


class PoolCollector(StoreCollector):
    """Reads store and broker at each scrape, at most once in five seconds."""

    def __init__(self, store: Store, broker_url: str) -> None:
        super().__init__(store)
        self._redis = redis.Redis.from_url(broker_url, socket_timeout=5, socket_connect_timeout=5)

    def look(self) -> Iterator[Metric]:
        """Read the store, then the broker."""
        yield from super().look()
        yield from self._of_broker()

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
