"""A process dies at a named boundary of the protocol; whoever comes next leaves exactly the rows of an undisturbed run.

Random kills seldom hit the few microseconds between two steps: here each step is hit, on both databases.
"""

import multiprocessing
import os
import pkgutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from sqlalchemy import func, select, update

from db.jobs import list_jobs
from db.queue.dispatch import due_chunks
from db.queue.ledger import release_dead_leases
from db.records import ChunkReference
from db.row_tables import FaceTable, FrameTable
from db.states import JobQueue, JobState
from db.store import Store, open_store
from db.tables import ChunkTable, LeadershipTable
from tests.chaos.pool_celery import FRAMES_PER_CHUNK, QuickAnalysis
from tests.pool_fakes import FakeDoorbell, make_worker, submit_job, write_source
from worker.pool.chunk_worker import Answer
from worker.pool.dispatcher import STALE_SECONDS, Dispatcher
from worker.pool.lease_owner import is_alive, this_process

NUM_CHUNKS = 2

#: The function at which the process dies, and whether before or after it has done its work.
BOUNDARIES = {
    "submit: media is there, job is not": ("db.submission._store_media", "after"),
    "submit: job is there, chunks are not": ("db.submission._chunk_rows", "before"),
    "dispatch: noted as rung, not committed": ("db.queue.dispatch.mark_rung", "after"),
    "dispatch: noted as rung, not rung": ("tests.pool_fakes.FakeDoorbell.ring", "before"),
    "dispatch: rung": ("tests.pool_fakes.FakeDoorbell.ring", "after"),
    "claim: leased, not committed": ("db.queue.ledger._lease", "after"),
    "claim: leased": ("worker.pool.chunk_worker.ChunkWorker._analyse", "before"),
    "analysis: heartbeat, not committed": ("db.queue.ledger.heartbeat", "after"),
    "analysis: done, nothing stored": ("worker.pool.chunk_worker.ChunkWorker._analyse", "after"),
    "commit: chunk is done, rows are not there": ("db.queue.ledger.insert_frames", "before"),
    "commit: rows are there, job does not count them": ("db.queue.ledger.advance", "before"),
    "commit: counted, job not finished": ("db.queue.completion._finish", "before"),
    "commit: all is there, not committed": ("db.queue.ledger.advance", "after"),
    "commit: committed, nobody was told": ("worker.pool.chunk_worker.ChunkWorker._forget_fragment", "before"),
}


def run_everything(url: str, source: Path) -> None:
    """Submit, dispatch, and work off what was rung for: all of the protocol in one process."""
    store = open_store(url)
    submit_job(store, source, num_chunks=NUM_CHUNKS)
    doorbell = FakeDoorbell()
    dispatcher = Dispatcher(store, doorbell, holder=this_process())
    worker = make_worker(store, QuickAnalysis(), lease_owner=this_process(), lease_seconds=0.2)  # heartbeats at once
    while dispatcher.tick():
        doorbell.answer_all(worker)
    store.close()


def die_at(boundary: str, url: str, source: Path) -> None:
    """Run in a process of its own: everything, up to a boundary."""
    path, when = BOUNDARIES[boundary]

    def die(*_arguments: Any, **_named: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with patched(path, when, die):
        run_everything(url, source)


def patched(path: str, when: str, do: Callable[..., None]) -> Any:
    """Replace a function by itself with something done before or after it."""
    holder_path, _, name = path.rpartition(".")
    holder = pkgutil.resolve_name(holder_path)
    real = getattr(holder, name)

    def replacement(*arguments: Any, **named: Any) -> Any:
        if when == "before":
            do()
        answer = real(*arguments, **named)
        if when == "after":
            do()
        return answer

    return mock.patch.object(holder, name, replacement)


def start(target: Callable[..., None], *arguments: Any) -> multiprocessing.process.BaseProcess:
    context = multiprocessing.get_context("forkserver")  # imports are paid once
    context.set_forkserver_preload(
        ["db.store", "tests.chaos.pool_celery", "tests.pool_fakes", "worker.pool.dispatcher"]
    )
    process = context.Process(target=target, args=arguments)
    process.start()
    return process


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_death_at_a_boundary_loses_and_doubles_nothing(boundary: str, any_store_url: str, tmp_path: Path):
    source = write_source(tmp_path)
    doomed = start(die_at, boundary, any_store_url, source)
    doomed.join(60)
    assert doomed.exitcode == -signal.SIGKILL, "the boundary was never reached"
    store = open_store(any_store_url)
    with store.writing() as connection:
        release_dead_leases(connection, is_alive)
        # as if half a minute had passed: a ring goes stale, a dead leader's lease ends
        connection.execute(update(ChunkTable).values(published_at_seconds=None))
        connection.execute(update(LeadershipTable).values(until_seconds=0.0))
    run_everything(any_store_url, source)
    assert_exact(store)
    store.close()


def assert_exact(store: Store) -> None:
    num_frames = NUM_CHUNKS * FRAMES_PER_CHUNK
    with store.reading() as connection:
        (job,) = list_jobs(connection)
        frames = connection.scalar(select(func.count()).select_from(FrameTable))
        faces = connection.scalar(select(func.count()).select_from(FaceTable))
        assert due_chunks(connection, JobQueue.ARCHIVE, limit=9, stale_seconds=STALE_SECONDS) == []
    assert (job.state, job.num_chunks, job.num_chunks_done) == (JobState.DONE, NUM_CHUNKS, NUM_CHUNKS)
    assert (frames, faces) == (num_frames, num_frames // 2)
    assert (job.num_frames, job.num_faces) == (num_frames, num_frames // 2)


def sleep_before_commit(url: str, chunk: ChunkReference, answers: Any) -> None:
    """Run in a process of its own: fall asleep with the rows in hand, and commit them on waking."""
    store = open_store(url)

    def fall_asleep(*_arguments: Any) -> None:
        os.kill(os.getpid(), signal.SIGSTOP)

    with patched("worker.pool.chunk_worker.ChunkWorker._analyse", "after", fall_asleep):
        answers.put(make_worker(store, QuickAnalysis(), lease_owner=this_process()).answer(chunk))


def test_zombie_that_wakes_with_rows_in_hand_is_fenced(any_store_url: str, tmp_path: Path):
    store = open_store(any_store_url)
    job = submit_job(store, write_source(tmp_path), num_chunks=NUM_CHUNKS)
    first = ChunkReference(job_id=job.id, chunk_index=0)
    answers = multiprocessing.get_context("forkserver").SimpleQueue()
    zombie = start(sleep_before_commit, any_store_url, first, answers)
    wait_until_stopped(zombie.pid)
    with store.writing() as connection:
        connection.execute(update(ChunkTable).values(lease_until_seconds=0.0))
    heir = make_worker(store, QuickAnalysis())
    assert heir.answer(first) is Answer.COMMITTED
    os.kill(zombie.pid or 0, signal.SIGCONT)
    assert answers.get() is Answer.FENCED
    zombie.join(30)
    assert heir.answer(ChunkReference(job_id=job.id, chunk_index=1)) is Answer.COMMITTED
    assert_exact(store)
    store.close()


def wait_until_stopped(pid: int | None) -> None:
    deadline = time.monotonic() + 60
    while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
        assert time.monotonic() < deadline, "it never fell asleep"
        time.sleep(0.05)
