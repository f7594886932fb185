"""The pool on real clips: every way of running gives the embedded run's rows, byte for byte. Skips where they are not.

All frames are analysed, so this takes minutes; MOODLINE_ACCEPTANCE_RATE=2 looks at two frames a second.
"""

import os
import subprocess
from dataclasses import dataclass

import pytest

from tests.conftest import MOODLINE, REAL_CLIPS
from tests.pool_runs import ring_three_times_in_any_order, rows_of, running_worker, wait_until_done
from tests.servers import KillableValkey, PostgresServer

pytestmark = [
    pytest.mark.skipif(not REAL_CLIPS.exists(), reason="the real clips are not beside this checkout"),
    pytest.mark.timeout(3600),
]

RATE = os.environ.get("MOODLINE_ACCEPTANCE_RATE")


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way to run the pool."""

    database: str
    num_slots: int
    fragments: bool
    tripled: bool


WAYS = [
    Way(database="sqlite", num_slots=1, fragments=False, tripled=False),
    Way(database="sqlite", num_slots=4, fragments=True, tripled=True),
    Way(database="postgresql", num_slots=2, fragments=False, tripled=True),
    Way(database="postgresql", num_slots=1, fragments=True, tripled=False),
]


def clips():
    return sorted(path for path in REAL_CLIPS.iterdir() if path.suffix in (".mp4", ".mov"))


def with_rate(command):
    return [*map(str, command), *(["--rate", RATE] if RATE else [])]


@pytest.fixture(scope="module")
def embedded_rows(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('embedded') / 'rows.db'}"
    subprocess.run(with_rate([MOODLINE, "analyze", *clips(), "--db", url, "--json"]), check=True, capture_output=True)
    return {clip.name: rows_of(url, clip) for clip in clips()}


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_rows_are_the_embedded_runs_on_every_clip(
    way: Way, embedded_rows, valkey: KillableValkey, postgresql: PostgresServer, tmp_path
):
    url = f"sqlite:///{tmp_path / 'pool.db'}"
    if way.database == "postgresql":
        url = postgresql.url_of(postgresql.create_database())
        subprocess.run([MOODLINE, "db", "upgrade", "--db", url], check=True, capture_output=True)
    command = with_rate([MOODLINE, "submit", REAL_CLIPS, "--db", url, *(["--fragments"] if way.fragments else [])])
    subprocess.run(command, env=os.environ | {"MOODLINE_BROKER_URL": valkey.url}, check=True, capture_output=True)
    if way.tripled:
        ring_three_times_in_any_order(url, valkey, seed=11)
    log = tmp_path / "worker.log"
    with running_worker(url, valkey, log, slots=way.num_slots):
        wait_until_done(url, log, patience_seconds=3000)
    assert {clip.name: rows_of(url, clip) for clip in clips()} == embedded_rows
