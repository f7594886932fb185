"""Ringing for chunks: a message a chunk, its reference and nothing else, through Redis."""

import base64
import json
from collections.abc import Callable, Collection
from functools import partial
from typing import Any, Protocol, TypeVar

import redis
from kombu.exceptions import OperationalError

from core.errors import BrokerUnavailable, EnvironmentFault
from db.records import ChunkReference
from db.states import JobQueue
from worker.broker import KEY_PREFIX, POOL_QUEUES, make_celery
from worker.checked_transport import TASK_NAME

_Answer = TypeVar("_Answer")


class Doorbell(Protocol):
    """What the dispatcher needs of a broker."""

    def ring(self, queue: JobQueue, chunk: ChunkReference) -> None:
        """Send one message. Raises BrokerUnavailable."""
        ...

    def num_waiting(self, queue: JobQueue) -> int:
        """Return how many messages no worker has taken yet. Raises BrokerUnavailable."""
        ...


class CeleryDoorbell:
    """Rings through Celery's queues on Redis."""

    def __init__(self, broker_url: str) -> None:
        self._celery = make_celery(broker_url)
        self._redis = redis.Redis.from_url(broker_url, socket_timeout=10, socket_connect_timeout=5)

    def ring(self, queue: JobQueue, chunk: ChunkReference) -> None:
        """Send one message."""
        args = (chunk.job_id, chunk.chunk_index)
        _named(lambda: self._celery.send_task(TASK_NAME, args=args, queue=queue.value, retry=False))

    def num_waiting(self, queue: JobQueue) -> int:
        """Return how many messages no worker has taken yet."""
        return _named(lambda: int(self._redis.llen(KEY_PREFIX + queue.value)))

    def forget(self, job_ids: Collection[str]) -> int:
        """Take back the messages of some jobs that no worker has taken yet; return how many."""
        num_forgotten = 0
        for queue in POOL_QUEUES:
            key = KEY_PREFIX + queue.value
            messages: list[Any] = _named(partial(self._redis.lrange, key, 0, -1))
            for message in messages:
                if _job_of(message) in job_ids:
                    num_forgotten += _named(partial(self._redis.lrem, key, 0, message))
        return num_forgotten

    def close(self) -> None:
        """Close the connections."""
        self._redis.close()
        self._celery.close()


def _named(do: Callable[[], _Answer]) -> _Answer:
    try:
        return do()
    except (OperationalError, redis.RedisError, OSError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise BrokerUnavailable(
            f"the broker cannot be used ({reason}); is Redis running, and is MOODLINE_BROKER_URL right? "
            "Jobs are kept and go on when it is back"
        ) from error


def _job_of(message: bytes) -> str | None:
    """Return the job that a message in a queue means; None: it is none of ours."""
    try:
        [job_id, _], *_ = json.loads(base64.b64decode(json.loads(message)["body"]))
    except (ValueError, KeyError, TypeError):
        return None
    return job_id if isinstance(job_id, str) else None


def describe_broker(broker_url: str) -> str:
    """Return what a broker is and how it keeps messages. Raises EnvironmentFault where it would drop them quietly."""
    client = redis.Redis.from_url(broker_url, socket_timeout=5, socket_connect_timeout=5)
    server = _named(lambda: client.info("server"))
    memory = _named(lambda: client.info("memory"))
    keeps = _named(lambda: client.info("persistence"))
    client.close()
    policy = str(memory.get("maxmemory_policy", "unknown"))
    if policy.startswith("allkeys"):
        raise EnvironmentFault(f"the broker's maxmemory-policy is {policy}: it would drop whole queues; use noeviction")
    kept = "on disk" if keeps.get("aof_enabled") else "in memory only: a restart empties it, which costs time, no rows"
    return f"Redis {server.get('redis_version', '?')} answers, {policy}, queues {kept}"
