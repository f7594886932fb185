"""The private Valkey: reached with its password only, keeps what it was given, and outlives nobody."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from cli.pool.private_valkey import PrivateValkey
from core.errors import EnvironmentFault, InputError
from tests.conftest import children_of
from tests.servers import KillableValkey, start_valkey

STARTS_ONE_AND_WAITS = """
import sys, time
from pathlib import Path
from cli.pool.private_valkey import PrivateValkey
server = PrivateValkey(Path(sys.argv[1]))
server.start()
print(server.pid, flush=True)
time.sleep(60)
"""


def has_ended(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return state.strip() in ("", "Z")


def fill(client: redis.Redis) -> None:
    for number in range(100):
        client.rpush("queue", f"{number}" * 100_000)


def test_redis_py_and_celerys_transport_reach_it_by_its_url(valkey: KillableValkey):
    import kombu

    with kombu.Connection(valkey.url) as connection:
        queue = connection.SimpleQueue("chunks")
        queue.put("chunk 1")
        queue.close()
    with redis.Redis.from_url(valkey.url) as client:
        assert client.llen("chunks") == 1


def test_nobody_gets_in_without_the_password(valkey: KillableValkey):
    port = redis.Redis.from_url(valkey.url).connection_pool.connection_kwargs["port"]
    at_once = Retry(NoBackoff(), 0)
    with redis.Redis(port=port, retry=at_once) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_password_is_in_no_file(valkey: KillableValkey):
    password = valkey.url.split(":")[2].split("@")[0].encode()
    files = [path for path in valkey.log_path.parent.rglob("*") if path.is_file()]
    assert valkey.log_path in files
    assert [path for path in files if password in path.read_bytes()] == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("bind", "127.0.0.1"),
        ("appendonly", "no"),
        ("save", ""),
        ("maxmemory-policy", "noeviction"),
        ("maxmemory", str(256 * 1024**2)),
    ],
)
def test_it_runs_as_a_queue_needs_it(valkey: KillableValkey, setting: str, value: str):
    with redis.Redis.from_url(valkey.url) as client:
        assert client.config_get(setting) == {setting: value}


def test_killed_server_comes_back_empty_at_the_same_address(valkey: KillableValkey):
    with redis.Redis.from_url(valkey.url) as client:
        client.set("key", "value")
        valkey.kill()
        assert valkey.pid is None
        valkey.start()
        assert client.keys() == []


def test_what_was_put_in_reaches_no_disk(valkey: KillableValkey):
    with redis.Redis.from_url(valkey.url) as client:
        client.set("fragment", b"what a camera saw" * 1000)
        client.delete("fragment")
    files = [path for path in valkey.log_path.parent.rglob("*") if path.is_file()]
    assert [path for path in files if b"what a camera saw" in path.read_bytes()] == []


def test_full_server_refuses_instead_of_forgetting(tmp_path: Path):
    start_valkey(tmp_path / "probe").stop()
    with PrivateValkey(tmp_path, max_memory_bytes=3 * 1024**2) as server, redis.Redis.from_url(server.url) as client:
        client.set("first", "kept")
        with pytest.raises(redis.OutOfMemoryError):
            fill(client)
        assert client.get("first") == b"kept"


def test_second_server_on_one_folder_is_one_clear_line(valkey: KillableValkey):
    with pytest.raises(InputError, match="is in use by another private Valkey server: stop it, or name another folder"):
        PrivateValkey(valkey.log_path.parent).start()


def test_folder_that_cannot_be_made_is_one_clear_line(valkey: KillableValkey):
    with pytest.raises(InputError, match="cannot be kept there"):
        PrivateValkey(valkey.log_path / "inside a file").start()


def test_server_that_cannot_start_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    start_valkey(tmp_path / "probe").stop()
    monkeypatch.setattr(PrivateValkey, "_configuration", lambda _self: "maxmemory-policy nonsense\n")
    with pytest.raises(EnvironmentFault, match=r"did not start \(.*\); see .*valkey\.log"):
        PrivateValkey(tmp_path).start()


def test_stop_leaves_no_process_and_start_begins_again(tmp_path: Path):
    server = start_valkey(tmp_path)
    pid = server.pid
    assert pid is not None
    server.stop()
    assert has_ended(pid)
    server.start()
    assert server.pid not in (None, pid)
    server.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a program with a parent that was killed")
def test_server_dies_with_a_parent_that_is_killed(valkey: KillableValkey, tmp_path: Path):
    assert valkey.pid is not None
    parent = subprocess.Popen(
        [sys.executable, "-c", STARTS_ONE_AND_WAITS, tmp_path / "queue"], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    server_pid = int(parent.stdout.readline())
    assert children_of(parent.pid) == [server_pid]
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 10
    while not has_ended(server_pid):
        assert time.monotonic() < deadline, "the server outlived its parent"
        time.sleep(0.02)
    assert not has_ended(valkey.pid), "another parent's server was ended"
