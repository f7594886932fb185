"""What the store costs: rows in, timelines out. SQLite in a file of its own.

python -m benchmarks.bench_store
"""

import statistics
import tempfile
import time
from collections.abc import Callable

from benchmarks.scale.ledger import make_request, make_rows, make_span
from benchmarks.timing import milliseconds
from db.queue import ledger
from db.store import open_store
from db.submission import submit
from db.timelines.timelines import timeline

NUM_CHUNKS = 100
FRAMES_PER_CHUNK = 600
NUM_QUERIES = 7


def measure_store() -> dict[str, float]:
    """Commit an hour's chunks of one face a frame, then read its timeline."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/bench.db")
        with store.writing() as connection:
            job_id = submit(connection, make_request("bench", num_chunks=NUM_CHUNKS)).job.id
        seconds = []
        for index in range(NUM_CHUNKS):
            rows = make_rows(make_span(index), num_frames=FRAMES_PER_CHUNK, num_faces=1)
            with store.writing() as connection:
                claim = ledger.claim_next(connection, job_id, lease_owner="bench", lease_seconds=60)
            assert claim is not None, "there are as many chunks as claims"
            began = time.perf_counter()
            with store.writing() as connection:
                ledger.commit_chunk(connection, claim, rows, fault=None)
            seconds.append(time.perf_counter() - began)

        def read(bin_us: int | None) -> None:
            with store.reading() as connection:
                timeline(connection, job_id, bin_us=bin_us)

        found = {
            f"rows committed a second, {FRAMES_PER_CHUNK} frames with a face each at once": (
                2 * FRAMES_PER_CHUNK / statistics.median(seconds)
            ),
            f"timeline of {NUM_CHUNKS * FRAMES_PER_CHUNK:,} frames by 0.1 s, ms": _median_ms(lambda: read(100_000)),
            f"timeline of {NUM_CHUNKS * FRAMES_PER_CHUNK:,} frames by the minute, ms": _median_ms(
                lambda: read(60_000_000)
            ),
        }
        store.close()
    return found


def _median_ms(do: Callable[[], None]) -> float:
    return statistics.median(milliseconds(do) for _ in range(NUM_QUERIES))


if __name__ == "__main__":
    for name, value in measure_store().items():
        print(f"{name}: {value:,.1f}")
