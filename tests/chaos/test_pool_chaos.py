"""The pool under every fault that we know of, with real PostgreSQL, Valkey, Celery and processes: 0 lost, 0 doubled.

Only the networks are stand-ins. CHAOS_SEED and CHAOS_MINUTES choose another run; both are printed.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import func, select

from db.jobs import list_jobs
from db.row_tables import FaceTable, FrameTable
from db.states import ChunkState, JobState
from db.store import Store, open_store, upgrade_store
from db.tables import ChunkTable
from tests.chaos.pool_celery import FRAMES_PER_CHUNK
from tests.chaos.report import hand_in
from tests.conftest import children_of
from tests.pool_fakes import write_source
from tests.pool_runs import command_of, kill, kill_tree
from tests.servers import KillableValkey, PostgresServer

SEED = int(os.environ.get("CHAOS_SEED", "20261120"))
MINUTES = float(os.environ.get("CHAOS_MINUTES", "6"))
NUM_WORKERS = 3
LEASE_SECONDS = 4
NUM_JOBS = 30
CHUNKS_PER_SECOND = 3.5  # about what three workers of two slots do here while they are being killed
SETTLE_SECONDS = 60
REPOSITORY = Path(__file__).resolve().parents[2]

#: How often each fault comes in a run of six minutes; shorter runs have fewer.
LEAST = {
    "slot": 120,
    "celery": 50,
    "worker": 40,
    "dispatcher": 25,
    "producer": 20,
    "flush": 22,
    "broker": 12,
    "database": 11,
    "stopped": 22,
}


@dataclass
class Pool:
    """What is running, and how to hurt it."""

    database: PostgresServer
    valkey: KillableValkey
    url: str
    log: Path
    chance: random.Random
    source: Path
    num_chunks: int
    workers: "list[subprocess.Popen[bytes]]" = field(default_factory=list)
    others: "dict[str, subprocess.Popen[bytes]]" = field(default_factory=dict)
    stopped: list[tuple[float, int]] = field(default_factory=list)  # when to wake it, pid

    def start(self, *arguments: object) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.pool_worker", *map(str, arguments)],
                cwd=REPOSITORY,
                env=os.environ
                | {
                    "MOODLINE_DB_URL": self.url,
                    "MOODLINE_BROKER_URL": self.valkey.url,
                    "MOODLINE_LEASE_SECONDS": str(LEASE_SECONDS),
                },
                stdout=output,
                stderr=output,
            )

    def start_producer(self) -> "subprocess.Popen[bytes]":
        return self.start("producer", self.source, NUM_JOBS, self.num_chunks)

    def keep_running(self) -> None:
        """Start again what has died, as an operator's restart policy would; wake what was stopped for long enough."""
        for index, worker in enumerate(self.workers):
            if worker.poll() is not None:
                self.workers[index] = self.start("worker")
        for name in self.others:
            if self.others[name].poll() not in (None, 0):
                self.others[name] = self.start_producer() if name == "producer" else self.start(name)
        now = time.monotonic()
        for at, pid in [each for each in self.stopped if each[0] <= now]:
            self.stopped.remove((at, pid))
            _signal(pid, signal.SIGCONT)

    def hurt(self, fault: str) -> bool:
        """Do one fault. False: there was nothing to do it to just now."""
        return {
            "slot": lambda: self._kill_one(self._slots()),
            "celery": lambda: self._kill_one(self._celeries()),
            "worker": self._kill_worker,
            "dispatcher": lambda: self._kill_other("dispatcher"),
            "producer": lambda: self._kill_other("producer"),
            "flush": self._flush,
            "broker": self._kill_broker,
            "database": self._crash_database,
            "stopped": self._stop_slot,
        }[fault]()

    def _celeries(self) -> list[int]:
        return [pid for worker in self.workers for pid in children_of(worker.pid) if "pool_celery" in command_of(pid)]

    def _slots(self) -> list[int]:
        return [pid for celery in self._celeries() for pid in children_of(celery)]

    def _kill_one(self, pids: list[int]) -> bool:
        if pids:
            kill(self.chance.choice(pids))
        return bool(pids)

    def _kill_worker(self) -> bool:
        worker = self.chance.choice(self.workers)
        kill_tree(worker.pid)
        worker.wait()
        return True

    def _kill_other(self, name: str) -> bool:
        if name == "producer" and self.others[name].poll() is not None:
            self.others[name] = self.start_producer()  # the same jobs again
            time.sleep(self.chance.uniform(0.3, 1.5))
        process = self.others[name]
        if process.poll() is not None:
            return False
        process.kill()
        process.wait()
        return True

    def _flush(self) -> bool:
        self.valkey.flush()
        return True

    def _kill_broker(self) -> bool:
        self.valkey.kill()
        time.sleep(self.chance.uniform(0, 2))
        self.valkey.start()
        return True

    def _crash_database(self) -> bool:
        self.database.restart_immediately()
        return True

    def _stop_slot(self) -> bool:
        slots = [pid for pid in self._slots() if pid not in [stopped for _, stopped in self.stopped]]
        if not slots:
            return False
        pid = self.chance.choice(slots)
        _signal(pid, signal.SIGSTOP)
        self.stopped.append((time.monotonic() + LEASE_SECONDS * self.chance.uniform(1.5, 2.5), pid))
        return True


@pytest.mark.timeout(1500)
def test_nothing_is_lost_or_doubled_under_every_fault(
    postgresql: PostgresServer, valkey: KillableValkey, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    chance = random.Random(SEED)
    url = postgresql.url_of(postgresql.create_database())
    upgrade_store(url)
    pool = Pool(
        database=postgresql,
        valkey=valkey,
        url=url,
        log=tmp_path / "log",
        chance=chance,
        source=write_source(tmp_path),
        num_chunks=max(2, int(CHUNKS_PER_SECOND * 60 * MINUTES / NUM_JOBS)),
    )
    with ExitStack() as ending:
        ending.callback(lambda: [kill_tree(process.pid) for process in [*pool.workers, *pool.others.values()]])
        ending.callback(lambda: [_signal(pid, signal.SIGCONT) for _, pid in pool.stopped])
        pool.others = {"producer": pool.start_producer(), "dispatcher": pool.start("dispatcher")}
        pool.workers = [pool.start("worker") for _ in range(NUM_WORKERS)]
        done = _make_chaos(pool, _planned(chance))
        began_to_settle = time.monotonic()
        _wait_until_settled(pool, began_to_settle)
        settle_seconds = time.monotonic() - began_to_settle
    report = _count(open_store(url), num_chunks=pool.num_chunks) | {
        "kills": sum(done[name] for name in ("slot", "celery", "worker", "dispatcher", "producer", "broker")),
        "settle_seconds": round(settle_seconds, 1),
        "seeds": [SEED],
        "faults": dict(done),
    }
    hand_in(report, capsys)
    assert (report["lost"], report["doubled"], report["unfinished"]) == (0, 0, 0)
    assert settle_seconds < SETTLE_SECONDS


def _planned(chance: random.Random) -> list[str]:
    share = min(1.0, MINUTES / 6)
    faults = [name for name, least in LEAST.items() for _ in range(max(1, round(least * share)))]
    chance.shuffle(faults)
    return faults


def _make_chaos(pool: Pool, faults: list[str]) -> Counter[str]:
    """Do the faults, evenly over the time; one that finds nothing to hurt comes again later."""
    done: Counter[str] = Counter()
    began = time.monotonic()
    interval = 60 * MINUTES / len(faults)
    waiting = list(faults)
    while waiting:
        pool.keep_running()
        if time.monotonic() < began + interval * (len(faults) - len(waiting)):
            time.sleep(0.1)
            continue
        fault = waiting.pop(0)
        if pool.hurt(fault):
            done[fault] += 1
        else:
            waiting.append(fault)
            time.sleep(0.2)
    return done


def _wait_until_settled(pool: Pool, began: float) -> None:
    store = open_store(pool.url)
    while time.monotonic() < began + 4 * SETTLE_SECONDS:
        pool.keep_running()
        with store.reading() as connection:
            jobs = list_jobs(connection)
        if len(jobs) == NUM_JOBS and all(job.finished_at is not None for job in jobs):
            break
        time.sleep(0.2)
    store.close()


def _count(store: Store, *, num_chunks: int) -> dict[str, object]:
    """Compare rows and counters with what an undisturbed run gives."""
    per_job = num_chunks * FRAMES_PER_CHUNK
    with store.reading() as connection:
        jobs = list_jobs(connection)
        frames = _rows_by_job(connection, FrameTable, FrameTable.frame_index)
        faces = _rows_by_job(connection, FaceTable, FaceTable.frame_index)
        attempts = dict(connection.execute(select(ChunkTable.attempt, func.count()).group_by(ChunkTable.attempt)).all())
        num_failed = connection.scalar(
            select(func.count()).select_from(ChunkTable).where(ChunkTable.state == ChunkState.FAILED)
        )
    store.close()
    wrong_counters = sum(
        (job.num_frames, job.num_faces, job.num_chunks_done) != (per_job, per_job // 2, num_chunks) for job in jobs
    )
    return {
        "rows_expected": NUM_JOBS * per_job,
        "lost": sum(max(0, per_job - frames.get(job.id, (0, 0))[1]) for job in jobs)
        + sum(max(0, per_job // 2 - faces.get(job.id, (0, 0))[1]) for job in jobs)
        + per_job * (NUM_JOBS - len(jobs)),
        "doubled": sum(num - distinct for num, distinct in [*frames.values(), *faces.values()]) + wrong_counters,
        "unfinished": NUM_JOBS - sum(job.state is JobState.DONE for job in jobs),
        "chunks_given_up": num_failed,
        "chunks_by_attempts": {str(attempt): count for attempt, count in sorted(attempts.items())},
    }


def _rows_by_job(connection, table, column) -> dict[str, tuple[int, int]]:  # type: ignore[no-untyped-def]
    """Rows of each job, and how many different ones."""
    rows = connection.execute(select(table.job_id, func.count(), func.count(column.distinct())).group_by(table.job_id))
    return {row[0]: (row[1], row[2]) for row in rows}


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
