"""The server under load: viewers that ask for timeline pages, and uploads whose analysis runs beside.

python -m benchmarks.api_load [--viewers 50] [--uploads 4] [--seconds 60]

Starts a `moodline serve` of its own over a store with three long media, and prints latencies, errors and its memory.
"""

import argparse
import json
import random
import tempfile
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import quantiles
from typing import Any, Final

from benchmarks.api_server import ServerUnderLoad, serving
from benchmarks.long_media import write_long_media
from cli.videos.demo_clip import make_demo_clip
from db.jobs import get_job
from db.store import open_store

#: Of the media that viewers look at, seconds.
MEDIA_SECONDS: Final = (7200, 1800, 600)
BINS_SECONDS: Final = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
_LEAST_POINTS, _MOST_POINTS = 60, 120
_TIMEOUT_SECONDS: Final = 30.0


@dataclass(kw_only=True)
class Load:
    """What came of it. Threads share it; appending to a list needs no lock."""

    latencies_ms: list[float] = field(default_factory=list)  # of timeline pages
    errors: list[str] = field(default_factory=list)
    num_uploads: int = 0
    num_analysed: int = 0
    resident_mb: list[float] = field(default_factory=list)  # of the server's process, a sample a second

    def told(self) -> str:
        """Return it in lines."""
        cuts = quantiles(self.latencies_ms, n=100)
        memory = self.resident_mb
        every_tenth = ", ".join(f"{each:.0f}" for each in memory[::10])
        return (
            f"{len(self.latencies_ms):,} timeline pages: p50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms, "
            f"p99 {cuts[98]:.0f} ms, slowest {max(self.latencies_ms):.0f} ms\n"
            f"{len(self.errors)} errors{''.join(f'{chr(10)}  {each}' for each in self.errors[:5])}\n"
            f"{self.num_uploads} uploads, {self.num_analysed} of them analysed meanwhile\n"
            f"server's memory, MB, every ten seconds: {every_tenth}; {max(memory):.0f} at most"
        )

    @property
    def p95_ms(self) -> float:
        """95 of 100 pages were quicker."""
        return quantiles(self.latencies_ms, n=100)[94]


def put_under_load(
    folder: Path, *, num_viewers: int, num_uploads: int, seconds: float, media_seconds: tuple[int, ...] = MEDIA_SECONDS
) -> Load:
    """Make a store, serve it, and let viewers and uploads at it for a while."""
    media = _write_media(folder, media_seconds)
    clip = folder / "clip.mp4"
    make_demo_clip(clip)
    load, stop = Load(), threading.Event()
    with serving(folder) as server:
        viewers = [
            threading.Thread(target=_view, args=(server, media, load, stop, random.Random(number)))
            for number in range(num_viewers)
        ]
        uploaders = [
            threading.Thread(target=_upload, args=(server, clip.read_bytes(), load, stop, random.Random(number)))
            for number in range(num_uploads)
        ]
        for thread in [*viewers, *uploaders]:
            thread.start()
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at:
            load.resident_mb.append(server.resident_bytes() / 1e6)
            time.sleep(1.0)
        stop.set()
        for thread in [*viewers, *uploaders]:
            thread.join()
    return load


def _write_media(folder: Path, media_seconds: tuple[int, ...]) -> list[tuple[str, int]]:
    """Return each media's id and length in seconds."""
    store = open_store(f"sqlite:///{folder / 'moodline.db'}")
    found = []
    for number, num_seconds in enumerate(media_seconds):
        job_id = write_long_media(store, f"media {number}", num_seconds=num_seconds)
        with store.reading() as connection:
            found.append((get_job(connection, job_id).media_id, num_seconds))
    store.close()
    return found


def _view(
    server: ServerUnderLoad, media: list[tuple[str, int]], load: Load, stop: threading.Event, draw: random.Random
) -> None:
    """Look at some part of some media every second or two, as a page does when it is moved and zoomed."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=_TIMEOUT_SECONDS)
    while not stop.wait(draw.uniform(1.0, 2.0)):
        media_id, num_seconds = draw.choice(media)
        bin_seconds, num_points = draw.choice(BINS_SECONDS), draw.randint(_LEAST_POINTS, _MOST_POINTS)
        begin = draw.uniform(0, max(0.0, num_seconds - bin_seconds * num_points))
        path = f"/v1/media/{media_id}/timeline?bin={bin_seconds:g}s&from={begin:.3f}&limit={num_points}"
        began = time.perf_counter()
        if _ask(connection, load, "GET", path) is not None:
            load.latencies_ms.append((time.perf_counter() - began) * 1000)


def _upload(server: ServerUnderLoad, clip: bytes, load: Load, stop: threading.Event, draw: random.Random) -> None:
    """Upload a video that is not there yet, ask for its analysis, look how far it is; then another."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=_TIMEOUT_SECONDS)
    while not stop.is_set():
        another = clip + (16).to_bytes(4) + b"free" + draw.randbytes(8)  # a box that players pass over
        media = _ask(connection, load, "POST", "/v1/media?name=clip.mp4", another)
        if media is None:
            return
        load.num_uploads += 1
        job = _ask(connection, load, "POST", "/v1/jobs", json.dumps({"media_id": media["media_id"]}).encode())
        while job is not None and job["finished_at"] is None and not stop.wait(1.0):
            job = _ask(connection, load, "GET", f"/v1/jobs/{job['job_id']}")
        load.num_analysed += job is not None and job["state"] == "done"


def _ask(
    connection: HTTPConnection, load: Load, method: str, path: str, body: bytes | None = None
) -> dict[str, Any] | None:
    """Return an answer's document; None: an error, which is noted."""
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        content = answer.read()
    except (OSError, HTTPException) as error:
        load.errors.append(f"{method} {path}: {error!r}")
        connection.close()
        return None
    if answer.status not in (200, 201):
        load.errors.append(f"{method} {path}: {answer.status} {content[:200]!r}")
        return None
    document: dict[str, Any] = json.loads(content)
    return document


def main() -> None:
    """Run it and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--viewers", type=int, default=50)
    parser.add_argument("--uploads", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=60.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        load = put_under_load(Path(folder), num_viewers=asked.viewers, num_uploads=asked.uploads, seconds=asked.seconds)
    print(f"{asked.viewers} viewers, {asked.uploads} uploads, {asked.seconds:g} s\n{load.told()}")


if __name__ == "__main__":
    main()
