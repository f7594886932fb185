"""Keeps fragments in Redis for as long as a worker may want them. Knows keys, sizes and time to live; no video."""

from typing import Final, cast

from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import OutOfMemoryError, RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from core.errors import BrokerUnavailable, EnvironmentFault, InputError
from video.fragments.fragment_store import refuse_unless_storable
from video.limits import MediaLimits

KEY_PREFIX: Final = "moodline:fragment:"


class RedisFragmentStore:
    """Fragments in Redis or Valkey. The client must give bytes back, not text."""

    def __init__(self, client: Redis, *, max_fragment_bytes: int) -> None:
        self._client = client
        self._max_fragment_bytes = max_fragment_bytes

    def put(self, key: str, content: bytes, *, ttl_seconds: int) -> None:
        """Keep a fragment. Raises EnvironmentFault if Redis has no memory for it, BrokerUnavailable if it is away."""
        refuse_unless_storable(content, ttl_seconds=ttl_seconds, max_fragment_bytes=self._max_fragment_bytes)
        try:
            self._client.set(KEY_PREFIX + key, content, ex=ttl_seconds)
        except OutOfMemoryError as err:
            raise EnvironmentFault(
                f"Redis has no memory left for a fragment of {len(content):,} bytes; give it more (maxmemory), "
                f"or let the workers open the files themselves"
            ) from err
        except RedisError as err:
            raise _fault_of(err) from err

    def get(self, key: str) -> bytes | None:
        """Return a fragment; None: there is none. Raises InputError if what lies there is larger than was ever put."""
        try:
            # No more is fetched than a fragment may be, whatever somebody else has put there.
            content = cast(bytes, self._client.getrange(KEY_PREFIX + key, 0, self._max_fragment_bytes))
        except RedisError as err:
            raise _fault_of(err) from err
        if len(content) > self._max_fragment_bytes:
            raise InputError(f"a fragment of more than {self._max_fragment_bytes:,} bytes in Redis; cut it again")
        return content or None

    def delete(self, key: str) -> None:
        """Forget a fragment, if it is there."""
        try:
            self._client.unlink(KEY_PREFIX + key)
        except RedisError as err:
            raise _fault_of(err) from err


def _fault_of(err: RedisError) -> EnvironmentFault:
    reason = str(err).splitlines()[0] if str(err) else type(err).__name__
    if isinstance(err, RedisConnectionError | RedisTimeoutError):
        return BrokerUnavailable(f"Redis does not answer ({reason}); start it, or check MOODLINE_BROKER_URL")
    return EnvironmentFault(f"Redis refuses to work with fragments ({reason}); check its users and its keys")


def open_fragment_store(broker_url: str, *, limits: MediaLimits) -> RedisFragmentStore:
    """Return the store of fragments in a Redis. Opens no connection yet."""
    client = Redis.from_url(broker_url, socket_timeout=10, socket_connect_timeout=5)
    return RedisFragmentStore(client, max_fragment_bytes=limits.max_fragment_bytes)
