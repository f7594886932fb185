"""The pool with one slot and with two, in turns within one run: frames a second, and what all but the analysis costs.

python -m benchmarks.pool_throughput [--rounds N] [--json]     the demo's clip, a private Valkey, SQLite
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.process_tree import use_of
from cli.pool.private_valkey import PrivateValkey
from cli.videos.demo_clip import make_demo_clip
from db.jobs import list_jobs
from db.queue.control import pause, resume
from db.store import open_store

MOODLINE = Path(sys.executable).with_name("moodline")
JOBS_PER_ROUND = 24  # some ten seconds of work for a slot: its first and last moments must not count
MEASURED_MIN_SCORE = 0.6  # of the measured jobs; those that warm up have less


@dataclass(frozen=True, kw_only=True)
class Round:
    """What one worker did with its jobs."""

    num_slots: int
    frames_per_second: float
    analysing_cpu_seconds: float  # the processes that decode, detect and classify
    other_cpu_seconds: float  # supervisor, dispatcher, Celery, slots with the ledger, Valkey


def measure(folder: Path, clip: Path, *, num_slots: int, number: int) -> Round:
    """Run a worker over jobs that differ in a parameter that costs nothing; networks are loaded before."""
    url = f"sqlite:///{folder / f'round{number}.db'}"
    with PrivateValkey(folder / f"valkey{number}") as valkey:
        os.environ["MOODLINE_BROKER_URL"] = valkey.url
        _submit(url, clip, [MEASURED_MIN_SCORE + 0.01 * index for index in range(JOBS_PER_ROUND)])
        measured = _pause_all(url)
        _submit(url, clip, [0.51 + 0.01 * index for index in range(num_slots)])
        with _worker(url, num_slots) as worker:
            _wait_until_done(url, besides=measured)
            before = use_of(worker.pid, valkey.pid)
            began = time.monotonic()
            _resume(url, measured)
            num_frames = _wait_until_done(url)
            seconds = time.monotonic() - began
            after = use_of(worker.pid, valkey.pid)
    return Round(
        num_slots=num_slots,
        frames_per_second=num_frames / seconds,
        analysing_cpu_seconds=after.analysing_cpu_seconds - before.analysing_cpu_seconds,
        other_cpu_seconds=after.other_cpu_seconds - before.other_cpu_seconds,
    )


@contextmanager
def _worker(url: str, num_slots: int) -> "Iterator[subprocess.Popen[bytes]]":
    worker = subprocess.Popen(
        [MOODLINE, "worker", "--concurrency", str(num_slots), "--db", url],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield worker
    finally:
        worker.terminate()
        worker.wait()


def _submit(url: str, clip: Path, scores: list[float]) -> None:
    for score in scores:
        command = [MOODLINE, "submit", clip, "--min-score", f"{score:.2f}", "--db", url]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _pause_all(url: str) -> frozenset[str]:
    """Let the jobs that are there rest; return their ids."""
    store = open_store(url)
    with store.writing() as connection:
        ids = frozenset(job.id for job in list_jobs(connection))
        for job_id in ids:
            pause(connection, job_id)
    store.close()
    return ids


def _resume(url: str, ids: frozenset[str]) -> None:
    store = open_store(url)
    with store.writing() as connection:
        for job_id in ids:
            resume(connection, job_id)
    store.close()


def _wait_until_done(url: str, *, besides: frozenset[str] = frozenset()) -> int:
    """Wait for all jobs but these; return the frames of the jobs that were measured."""
    store = open_store(url)
    try:
        while True:
            with store.reading() as connection:
                jobs = [job for job in list_jobs(connection) if job.id not in besides]
            if jobs and all(job.finished_at is not None for job in jobs):
                return sum(job.num_frames for job in jobs if job.parameters.min_score >= MEASURED_MIN_SCORE)
            time.sleep(0.1)
    finally:
        store.close()


def main() -> None:
    """Measure one and two slots in turns, and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # by way of what stops the worker
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clip = folder / "demo.mp4"
        make_demo_clip(clip)
        rounds = [
            measure(folder, clip, num_slots=num_slots, number=2 * index + num_slots)
            for index in range(asked.rounds)
            for num_slots in (1, 2)
        ]
    one, two = rounds[0::2], rounds[1::2]
    ratios = [b.frames_per_second / a.frames_per_second for a, b in zip(one, two, strict=True)]
    # A shared machine is not equally fast from one minute to the next. What two slots are worth if a frame cost both
    # the same CPU time tells of our plumbing alone: without that, and without what slots take from each other's caches.
    steadied = [
        ratio * b.analysing_cpu_seconds / a.analysing_cpu_seconds for ratio, a, b in zip(ratios, one, two, strict=True)
    ]
    shares = [r.other_cpu_seconds / (r.other_cpu_seconds + r.analysing_cpu_seconds) for r in rounds]
    report = {
        "frames_per_second_one_slot": round(statistics.median(r.frames_per_second for r in one), 1),
        "frames_per_second_two_slots": round(statistics.median(r.frames_per_second for r in two), 1),
        "two_slots_over_one": round(statistics.median(ratios), 2),
        "two_slots_over_one_range": [round(min(ratios), 2), round(max(ratios), 2)],
        "at_equal_cpu_a_frame": round(statistics.median(steadied), 2),
        "at_equal_cpu_a_frame_range": [round(min(steadied), 2), round(max(steadied), 2)],
        "share_of_cpu_beside_the_analysis": round(statistics.median(shares), 3),
        "share_range": [round(min(shares), 3), round(max(shares), 3)],
        "rounds": asked.rounds,
    }
    if asked.json:
        print(json.dumps(report))
        return
    for key, value in report.items():
        print(f"{key:36} {value}")


if __name__ == "__main__":
    main()
