"""Measures a private Valkey: doorbells rung and taken, fragments put and got, and what they take of it.

Counts the server's own CPU seconds, as INFO tells them: what this process spends on Celery is the dispatcher's.
"""

import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from redis import Redis

from cli.pool.private_valkey import PrivateValkey
from db.records import ChunkReference
from db.states import JobQueue
from video.fragments.fragment_store import fragment_key
from video.fragments.redis_fragments import RedisFragmentStore
from worker.broker import make_celery
from worker.pool.doorbell import CeleryDoorbell

_NUM_DOORBELLS: Final = 1_500
_NUM_FRAGMENTS: Final = 120
_FRAGMENT_BYTES: Final = 500_000  # two seconds of 2 Mbit/s


@dataclass(frozen=True, kw_only=True)
class BrokerCosts:
    """What a doorbell and a byte of a fragment take."""

    ring_wall_seconds: float  # of the process that rings
    doorbell_server_seconds: float  # rung, taken and acknowledged
    doorbell_bytes: float  # of the server's memory while it waits
    put_bytes_per_wall_second: float
    get_bytes_per_wall_second: float
    fragment_server_seconds_per_byte: float  # put, got and deleted once
    fragment_memory_ratio: float


def measure_broker() -> BrokerCosts:
    """Start a server, measure, stop it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        PrivateValkey(Path(folder) / "valkey") as server,
        Redis.from_url(server.url) as client,
    ):
        rung = _measure_doorbells(server.url, client)
        client.flushall()
        return BrokerCosts(**rung, **_measure_fragments(client))


def _measure_doorbells(url: str, client: Redis) -> dict[str, float]:
    doorbell = CeleryDoorbell(url)
    chunks = [ChunkReference(job_id=f"{number:016x}", chunk_index=number % 100) for number in range(_NUM_DOORBELLS)]
    doorbell.ring(JobQueue.ARCHIVE, chunks[0])  # connects
    memory, cpu, began = _used_memory(client), _used_cpu(client), time.perf_counter()
    for chunk in chunks:
        doorbell.ring(JobQueue.ARCHIVE, chunk)
    wall_seconds = time.perf_counter() - began
    memory_bytes = _used_memory(client) - memory
    doorbell.close()
    _take_all(url)
    return {
        "ring_wall_seconds": wall_seconds / _NUM_DOORBELLS,
        "doorbell_server_seconds": (_used_cpu(client) - cpu) / _NUM_DOORBELLS,
        "doorbell_bytes": memory_bytes / _NUM_DOORBELLS,
    }


def _take_all(url: str) -> None:
    """Take and acknowledge every doorbell, as a worker's Celery does, without its tasks."""
    celery = make_celery(url)
    with celery.connection_for_read() as connection:
        channel = connection.channel()
        while (message := channel.basic_get(JobQueue.ARCHIVE.value)) is not None:
            message.ack()
    celery.close()


def _measure_fragments(client: Redis) -> dict[str, float]:
    store = RedisFragmentStore(client, max_fragment_bytes=2 * _FRAGMENT_BYTES)
    contents = [os.urandom(_FRAGMENT_BYTES) for _ in range(_NUM_FRAGMENTS)]
    keys = [fragment_key("camera", content) for content in contents]
    num_bytes = _FRAGMENT_BYTES * _NUM_FRAGMENTS
    memory, cpu, began = _used_memory(client), _used_cpu(client), time.perf_counter()
    for key, content in zip(keys, contents, strict=True):
        store.put(key, content, ttl_seconds=330)
    put_seconds = time.perf_counter() - began
    memory_bytes = _used_memory(client) - memory
    began = time.perf_counter()
    for key in keys:
        store.get(key)
    get_seconds = time.perf_counter() - began
    for key in keys:
        store.delete(key)
    return {
        "put_bytes_per_wall_second": num_bytes / put_seconds,
        "get_bytes_per_wall_second": num_bytes / get_seconds,
        "fragment_server_seconds_per_byte": (_used_cpu(client) - cpu) / num_bytes,
        "fragment_memory_ratio": memory_bytes / num_bytes,
    }


def _used_cpu(client: Redis) -> float:
    used = client.info("cpu")
    return float(used["used_cpu_user"] + used["used_cpu_sys"])


def _used_memory(client: Redis) -> int:
    return int(client.info("memory")["used_memory"])
