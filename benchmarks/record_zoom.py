"""A page that zooms into a person's record, from a year to a tenth of a second: each answer of the API, as it is asked.

python -m benchmarks.record_zoom [--postgresql]     150 sittings of a simulated year, and one of an hour at 25 Hz
"""

import argparse
import statistics
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from fastapi.testclient import TestClient

from api.app import make_app
from api.parts import ApiSettings
from benchmarks.scale.stores import MeasuredStore, stores
from core.people.subjects import Appearance
from db.queue.ledger import claim_next, commit_chunk
from db.store import Store
from db.submission import submit
from tests.factories import FPS, make_frame_observation, make_request, make_span
from tests.simulated_year import write_year

NUM_QUERIES: Final = 9
HOUR_AT: Final = datetime(2026, 5, 4, 9, tzinfo=UTC)
NUM_CHUNKS: Final = 150
CHUNK_SECONDS: Final = 24

QUESTIONS: Final = (
    ("a year by the day", "bin=1d&from=2026-01-01&until=2027-01-01"),
    ("a month by the hour", "bin=1h&from=2026-05-01&until=2026-06-01"),
    ("a day by the minute", "bin=1m&from=2026-05-04&until=2026-05-05"),
    ("an hour by the minute", "bin=1m&from=2026-05-04T09:00:00Z&until=2026-05-04T10:00:00Z"),
    ("ten minutes by the second", "bin=1s&from=2026-05-04T09:40:00Z&until=2026-05-04T09:50:00Z"),
    ("a minute by the second", "bin=1s&from=2026-05-04T09:40:00Z&until=2026-05-04T09:41:00Z"),
    ("a minute by a tenth of a second", "bin=0.1s&from=2026-05-04T09:40:00Z&until=2026-05-04T09:41:00Z"),
    ("all sittings", ""),
)


def write_hour(store: Store) -> None:
    """Film anna for an hour, every frame a face."""
    spans = tuple(make_span(index, seconds=CHUNK_SECONDS) for index in range(NUM_CHUNKS))
    seen = Appearance(subject_id="anna", session="an hour", condition="calm")
    request = replace(make_request("an hour", spans=spans), started_at=HOUR_AT, appearance=seen)
    with store.writing() as connection:
        job_id = submit(connection, request).job.id
    for _ in spans:
        with store.writing() as connection:
            claim = claim_next(connection, job_id, lease_owner="bench", lease_seconds=600)
            assert claim is not None, "there are as many chunks as claims"
            first = claim.span.first_frame_index
            indices = range(first, first + CHUNK_SECONDS * FPS)
            commit_chunk(connection, claim, [make_frame_observation(i / FPS, frame_index=i) for i in indices])


def measure(measured: MeasuredStore, folder: Path) -> None:
    """Write the year and print what each look takes, its entry in the log and its JSON with it."""
    write_year(measured.store)
    write_hour(measured.store)
    url = measured.store.engine.url.render_as_string(hide_password=False)
    print(f"{measured.name}: 151 sittings, {NUM_QUERIES} questions each")
    with TestClient(make_app(ApiSettings(db_url=url, uploads=folder)), base_url="http://localhost") as client:
        for name, query in QUESTIONS:
            path = f"/v1/subjects/anna/timeline?{query}" if query else "/v1/subjects/anna/sessions"
            times = []
            for _ in range(NUM_QUERIES):
                began = time.perf_counter()
                answer = client.get(path)
                times.append((time.perf_counter() - began) * 1000)
                assert answer.status_code == 200, answer.text
            size = len(answer.json().get("points", answer.json().get("sessions")))
            told = f"{statistics.median(times):.1f} ms ({min(times):.1f} to {max(times):.1f})"
            print(f"  {name}: {size} points, {told}", flush=True)


def main() -> None:
    """Measure on SQLite, and on a PostgreSQL of our own if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for measured in stores(Path(folder), with_postgresql=asked.postgresql):
            measure(measured, Path(folder))


if __name__ == "__main__":
    main()
