"""Fragments are kept, given back, and gone in time; the store in memory that other tests use behaves the same."""

import time
from collections.abc import Callable, Iterator

import pytest
from redis import Redis

from core.errors import BrokerUnavailable, EnvironmentFault, InputError
from tests.fragment_stores import MemoryFragmentStore
from tests.servers import KillableValkey
from video.fragments.fragment_store import FragmentStore, fragment_key, is_genuine
from video.fragments.redis_fragments import KEY_PREFIX, RedisFragmentStore

MAX_BYTES = 1_000_000
CONTENT = bytes(range(256)) * 100


@pytest.fixture
def client(valkey: KillableValkey) -> Iterator[Redis]:
    with Redis.from_url(valkey.url) as client:
        yield client


@pytest.fixture
def redis_store(client: Redis) -> RedisFragmentStore:
    return RedisFragmentStore(client, max_fragment_bytes=MAX_BYTES)


@pytest.fixture(params=["redis", "memory"])
def fragments(request: pytest.FixtureRequest) -> FragmentStore:
    if request.param == "redis":
        return request.getfixturevalue("redis_store")
    return MemoryFragmentStore(max_fragment_bytes=MAX_BYTES, now=time.monotonic)


def test_what_was_put_is_given_back_byte_for_byte(fragments: FragmentStore) -> None:
    fragments.put("a", CONTENT, ttl_seconds=60)
    fragments.put("b", b"other", ttl_seconds=60)
    assert (fragments.get("a"), fragments.get("b"), fragments.get("c")) == (CONTENT, b"other", None)


def test_key_names_its_owner_and_its_content() -> None:
    key = fragment_key("job:7", CONTENT)
    assert key.startswith("job:7:")
    assert is_genuine(key, CONTENT)
    assert not is_genuine(key, CONTENT[:-1])


def test_the_last_put_counts(fragments: FragmentStore) -> None:
    fragments.put("a", CONTENT, ttl_seconds=60)
    fragments.put("a", b"newer", ttl_seconds=60)
    assert fragments.get("a") == b"newer"


def test_what_was_deleted_is_gone_and_may_be_deleted_again(fragments: FragmentStore) -> None:
    fragments.put("a", CONTENT, ttl_seconds=60)
    fragments.delete("a")
    fragments.delete("a")
    assert fragments.get("a") is None


def test_a_fragment_expires(fragments: FragmentStore) -> None:
    fragments.put("a", CONTENT, ttl_seconds=1)
    wait_until(lambda: fragments.get("a") is None)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_fragment_that_is_too_large_is_refused(fragments: FragmentStore) -> None:
    fragments.put("a", bytes(MAX_BYTES), ttl_seconds=60)
    with pytest.raises(InputError, match="1,000,001 bytes, at most 1,000,000 are kept"):
        fragments.put("a", bytes(MAX_BYTES + 1), ttl_seconds=60)
    assert fragments.get("a") == bytes(MAX_BYTES)


@pytest.mark.parametrize(("content", "ttl_seconds"), [(b"", 60), (CONTENT, 0)])
def test_a_call_without_sense_is_refused(fragments: FragmentStore, content: bytes, ttl_seconds: int) -> None:
    with pytest.raises(ValueError, match="cannot be kept"):
        fragments.put("a", content, ttl_seconds=ttl_seconds)


def test_nothing_is_kept_without_an_end(redis_store: RedisFragmentStore, client: Redis) -> None:
    redis_store.put("a", CONTENT, ttl_seconds=60)
    assert client.keys() == [f"{KEY_PREFIX}a".encode()]
    assert 0 < client.ttl(f"{KEY_PREFIX}a") <= 60


def test_what_another_has_put_there_is_not_fetched_beyond_the_limit(
    redis_store: RedisFragmentStore, client: Redis
) -> None:
    client.set(f"{KEY_PREFIX}a", bytes(MAX_BYTES + 1))
    with pytest.raises(InputError, match="more than 1,000,000 bytes in Redis"):
        redis_store.get("a")
    client.delete(f"{KEY_PREFIX}a")
    client.rpush(f"{KEY_PREFIX}a", "a list")
    with pytest.raises(EnvironmentFault, match=r"refuses to work with fragments.*check its users"):
        redis_store.get("a")


def test_a_redis_without_memory_is_one_clear_line(redis_store: RedisFragmentStore, client: Redis) -> None:
    client.config_set("maxmemory-policy", "noeviction")
    client.config_set("maxmemory", "1")
    try:
        with pytest.raises(EnvironmentFault, match=r"no memory left for a fragment of 25,600 bytes.*maxmemory"):
            redis_store.put("a", CONTENT, ttl_seconds=60)
        assert redis_store.get("a") is None
    finally:
        client.config_set("maxmemory", "0")


def test_a_redis_that_is_away_is_said_to_be_so(redis_store: RedisFragmentStore, valkey: KillableValkey) -> None:
    valkey.kill()
    for call in (
        lambda: redis_store.put("a", CONTENT, ttl_seconds=60),
        lambda: redis_store.get("a"),
        lambda: redis_store.delete("a"),
    ):
        with pytest.raises(BrokerUnavailable, match="Redis does not answer"):
            call()
