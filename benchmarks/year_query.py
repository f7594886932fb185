"""One person filmed every day of a year: how long the year by the day takes, and a day by the minute, beside its rows.

python -m benchmarks.year_query [--observations N] [--postgresql]     10 million need 3 GB and minutes to be written
"""

import argparse
import statistics
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, true

from benchmarks.scale.ledger import NUM_FRAMES, make_request, make_rows, make_span
from benchmarks.scale.stores import MeasuredStore, stores
from benchmarks.timing import milliseconds
from db.queue import ledger
from db.store import Store
from db.submission import submit
from db.tables import MediaTable
from db.timelines.rollups import sums_by_bin

NUM_DAYS = 365
NUM_QUERIES = 7
MINUTE_US = 60_000_000
FIRST_DAY = datetime(2026, 1, 1, 8, 30, tzinfo=UTC)


def write_year(store: Store, num_observations: int) -> None:
    """Commit a session a day, each of as many chunks as it takes, through the ledger."""
    num_chunks = max(1, round(num_observations / NUM_DAYS / NUM_FRAMES))
    for day in range(NUM_DAYS):
        started_at = FIRST_DAY + timedelta(days=day)
        with store.writing() as connection:
            request = replace(make_request(f"day {day}", num_chunks=num_chunks), started_at=started_at)
            job_id = submit(connection, request).job.id
        for index in range(num_chunks):
            with store.writing() as connection:
                claim = ledger.claim_next(connection, job_id, lease_owner="bench", lease_seconds=600)
                assert claim is not None, "there are as many chunks as claims"
                rows = make_rows(make_span(index), num_frames=NUM_FRAMES, num_faces=1)
                ledger.commit_chunk(connection, claim, rows)


def measure(measured: MeasuredStore, num_observations: int) -> None:
    """Write a year and print what its questions take."""
    store = measured.store
    began = time.perf_counter()
    write_year(store, num_observations)
    print(f"{measured.name}: {num_observations:,} observations written in {time.perf_counter() - began:.0f} s")

    first_day = MediaTable.started_at == FIRST_DAY

    def ask(wanted: ColumnElement[bool], bin_us: int) -> None:
        with store.reading() as connection:
            sums_by_bin(connection, wanted, bin_us=bin_us)

    for name, do in (
        ("the year, by quarters of an hour", lambda: ask(true(), 15 * MINUTE_US)),
        ("a day by the minute", lambda: ask(first_day, MINUTE_US)),
        ("a day by the second, from its rows", lambda: ask(first_day, MINUTE_US // 60)),
    ):
        times = sorted(milliseconds(do) for _ in range(NUM_QUERIES))
        print(f"  {name}: {statistics.median(times):.1f} ms ({times[0]:.1f} to {times[-1]:.1f})", flush=True)


def main() -> None:
    """Measure on SQLite, and on a PostgreSQL of our own if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--observations", type=int, default=1_000_000)
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for measured in stores(Path(folder), with_postgresql=asked.postgresql):
            measure(measured, asked.observations)


if __name__ == "__main__":
    main()
