"""The options that docker-compose.yml gives Redis, given to a real Valkey."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import kombu
import pytest
import redis
import yaml
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from cli.pool.private_valkey import find_server_program
from core.errors import EnvironmentFault

COMPOSE = Path(__file__).resolve().parents[3] / "docker-compose.yml"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[redis.Redis]:
    try:
        program = find_server_program()
    except EnvironmentFault as fault:
        pytest.skip(str(fault))
    folder = tmp_path_factory.mktemp("redis")
    secret = folder / "redis.conf"
    secret.write_text("requirepass secret\n")
    words = yaml.safe_load(COMPOSE.read_text())["services"]["redis"]["command"]
    socket = folder / "socket"
    server = subprocess.Popen(
        [program, secret, *words[2:], "--port", "0", "--unixsocket", socket], cwd=folder, stdout=subprocess.DEVNULL
    )
    client = redis.Redis(
        unix_socket_path=str(socket),
        password="secret",
        retry=Retry(ConstantBackoff(0.05), 200, (redis.ConnectionError,)),
    )
    client.ping()
    yield client
    client.close()
    server.terminate()
    server.wait(10)


def test_redis_asks_for_the_password_of_the_secret(client: redis.Redis):
    path = client.connection_pool.connection_kwargs["path"]
    with redis.Redis(unix_socket_path=path, retry=None) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_memory_and_persistence_are_as_written(client: redis.Redis):
    memory, persistence = client.info("memory"), client.info("persistence")
    assert (memory["maxmemory"], memory["maxmemory_policy"]) == (512 * 1024**2, "noeviction")
    assert persistence["aof_enabled"] == 1


@pytest.mark.parametrize("command", ["FLUSHALL", "FLUSHDB", "CONFIG GET dir"])
def test_commands_that_no_worker_needs_do_not_exist(client: redis.Redis, command: str):
    with pytest.raises(redis.ResponseError, match="unknown command"):
        client.execute_command(command)


def test_celerys_transport_needs_none_of_them(client: redis.Redis):
    path = client.connection_pool.connection_kwargs["path"]
    with kombu.Connection(f"redis+socket://:secret@{path}") as connection:
        queue = connection.SimpleQueue("chunks")
        queue.put("chunk 1")
        message = queue.get(timeout=5)
        message.ack()
        queue.close()
    assert message.payload == "chunk 1"
