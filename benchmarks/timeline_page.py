"""How long a page of a long media takes: 60 points of its timeline at random places, by the width of their bins.

python -m benchmarks.timeline_page [--hours N] [--postgresql]
"""

import argparse
import random
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.long_media import write_long_media
from benchmarks.scale.stores import MeasuredStore, stores
from benchmarks.timing import milliseconds
from db.timelines.frame_pages import frames_page
from db.timelines.memory import TimelineMemory
from db.timelines.pages import timeline_page

NUM_POINTS: Final = 60
NUM_QUERIES: Final = 40
NUM_FRAMES: Final = 100
BINS_SECONDS: Final = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0)


def measure(measured: MeasuredStore, *, num_seconds: int) -> None:
    """Write a media and print what its pages take."""
    store, draw = measured.store, random.Random(7)
    began = time.perf_counter()
    job_id = write_long_media(store, "long", num_seconds=num_seconds)
    print(f"{measured.name}: {num_seconds / 3600:g} h written in {time.perf_counter() - began:.0f} s", flush=True)

    def page(bin_us: int, memory: TimelineMemory | None) -> None:
        from_us = round(draw.uniform(0, max(0, num_seconds * 1e6 - NUM_POINTS * bin_us)))
        asked_us = (from_us, num_seconds * 1_000_000)
        with store.reading() as connection:
            timeline_page(connection, job_id, bin_us=bin_us, asked_us=asked_us, max_points=NUM_POINTS, memory=memory)

    for how, memory in (("read", None), ("remembered where they were read before", TimelineMemory())):
        every: list[float] = []
        for bin_seconds in BINS_SECONDS:
            times = [milliseconds(partial(page, round(bin_seconds * 1e6), memory)) for _ in range(NUM_QUERIES)]
            every += times
            print(f"  {NUM_POINTS} points of {bin_seconds:g} s, {how}: {_told(times)}", flush=True)
        print(f"  pages of all widths, {how}: {_told(every)}", flush=True)

    def frames() -> None:
        from_us = round(draw.uniform(0, num_seconds * 1e6))
        with store.reading() as connection:
            frames_page(connection, job_id, from_index=0, limit=NUM_FRAMES, span=(from_us, num_seconds * 1_000_000))

    print(f"  {NUM_FRAMES} frames from some time on: {_told([milliseconds(frames) for _ in range(NUM_QUERIES)])}")


def _told(times: list[float]) -> str:
    return f"p50 {statistics.median(times):.1f} ms, p95 {statistics.quantiles(times, n=20)[-1]:.1f} ms"


def main() -> None:
    """Measure on SQLite, and on a PostgreSQL of our own if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for measured in stores(Path(folder), with_postgresql=asked.postgresql):
            measure(measured, num_seconds=round(asked.hours * 3600))


if __name__ == "__main__":
    main()
