"""The real pool as tests run it: the installed command's worker, its processes found and killed, its rows read."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from db.jobs import list_jobs
from db.queue.ledger import lease_owners
from db.records import ChunkReference
from db.states import JobQueue
from db.store import Store, open_store
from tests.conftest import MOODLINE, Run, children_of
from tests.servers import KillableValkey
from worker.pool.doorbell import CeleryDoorbell

PATIENCE_SECONDS = 200


def rows_of(url: str, clip: Path) -> list[str]:
    """Every stored row of a clip, as text; ids of jobs are the same everywhere."""
    answer = subprocess.run(
        [MOODLINE, "frames", "--media", clip, "--db", url], capture_output=True, text=True, check=True
    )
    return answer.stdout.splitlines()


def submit_clip(moodline: Run, clip: Path, url: str) -> None:
    """Hand a clip to the pool, five frames a second."""
    submitted = moodline("submit", clip, "--rate", "5", "--db", url)
    assert submitted.returncode == 0, submitted.stderr


@contextmanager
def running_worker(
    url: str, valkey: KillableValkey, log: Path, *, slots: int = 2, queues: str = "live,archive,pictures"
) -> "Iterator[subprocess.Popen[bytes]]":
    """Run `moodline worker` for as long as the block, and kill what is left of it."""
    environment = os.environ | {"MOODLINE_BROKER_URL": valkey.url}
    with log.open("ab") as output:
        worker = subprocess.Popen(
            [MOODLINE, "-v", "worker", "--concurrency", str(slots), "--db", url, "--grace", "60", "--queues", queues],
            env=environment,
            stderr=output,
            stdout=output,
        )
    try:
        yield worker
    finally:
        kill_tree(worker.pid)
        worker.wait()


def kill_tree(pid: int) -> None:
    """Kill -9 a process and all that it started, as a power cut would."""
    doomed = [pid]
    for parent in doomed:
        doomed.extend(children_of(parent))
    for each in doomed:
        kill(each)


def kill(pid: int) -> None:
    """Kill -9 a process, if it is there still."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def wait_until(is_so: Callable[[], bool], what: str, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
    """Look again and again until something is so."""
    deadline = time.monotonic() + patience_seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not within {patience_seconds:.0f} s: {what}"
        time.sleep(0.2)


def is_done(store: Store) -> bool:
    """Whether every job is over."""
    with store.reading() as connection:
        return all(job.finished_at is not None for job in list_jobs(connection))


def wait_until_done(url: str, log: Path, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until no job of a store is unfinished; `log` is where the worker writes."""
    store = open_store(url)
    try:
        wait_until(lambda: is_done(store), f"all jobs done, see {log}", patience_seconds=patience_seconds)
    finally:
        store.close()


def leased_pids(url: str) -> list[int]:
    """The pool processes that hold a chunk now."""
    store = open_store(url)
    with store.reading() as connection:
        owners = lease_owners(connection)
    store.close()
    return [int(owner.rsplit("/", maxsplit=2)[1]) for owner in owners]


def wait_for_claim(url: str, *, by_another_than: int | None = None) -> int:
    """Wait until a pool process holds a chunk, and return its pid: from one reading, as a lease may soon end."""
    seen: list[int] = []

    def is_claimed() -> bool:
        seen[:] = [pid for pid in leased_pids(url) if pid != by_another_than]
        return bool(seen)

    wait_until(is_claimed, "a chunk is claimed")
    return seen[0]


def command_of(pid: int) -> str:
    """The command line of a process; empty: it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def ring_three_times_in_any_order(url: str, valkey: KillableValkey, *, seed: int) -> None:
    """Ring for every chunk of every job three times, shuffled: what a broker at its worst would deliver."""
    store = open_store(url)
    with store.reading() as connection:
        jobs = list_jobs(connection)
    store.close()
    rings = [ChunkReference(job_id=job.id, chunk_index=index) for job in jobs for index in range(job.num_chunks)] * 3
    random.Random(seed).shuffle(rings)
    doorbell = CeleryDoorbell(valkey.url)
    for chunk in rings:
        doorbell.ring(JobQueue.ARCHIVE, chunk)
    doorbell.close()
