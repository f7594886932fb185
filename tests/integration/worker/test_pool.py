"""The real pool: Valkey, Celery, workers. Whatever happens to messages and processes, rows are the embedded run's."""

import base64
import json
import os
import subprocess
import time
from pathlib import Path

import pytest
import redis

from db.jobs import list_jobs
from db.records import ChunkReference
from db.states import JobQueue
from db.store import open_store
from db.submission import submit
from tests.conftest import MOODLINE, Run, children_of
from tests.factories import make_request
from tests.pool_runs import (
    PATIENCE_SECONDS,
    command_of,
    kill,
    leased_pids,
    ring_three_times_in_any_order,
    rows_of,
    running_worker,
    submit_clip,
    wait_for_claim,
    wait_until,
    wait_until_done,
)
from tests.servers import KillableValkey
from worker.broker import KEY_PREFIX
from worker.pool.dispatcher import Dispatcher
from worker.pool.doorbell import CeleryDoorbell

CANARY = "S3cret-canary"


@pytest.fixture(scope="module")
def embedded_rows(long_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What an undisturbed embedded run stores of the clip."""
    url = f"sqlite:///{tmp_path_factory.mktemp('embedded') / 'rows.db'}"
    subprocess.run(
        [MOODLINE, "analyze", long_clip, "--rate", "5", "--db", url, "--json"], check=True, capture_output=True
    )
    return rows_of(url, long_clip)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'pool.db'}"


def test_rows_are_the_embedded_runs_with_messages_tripled_and_shuffled(
    moodline: Run, long_clip: Path, embedded_rows: list[str], any_store_url: str, valkey: KillableValkey, tmp_path: Path
):
    submit_clip(moodline, long_clip, any_store_url)
    ring_three_times_in_any_order(any_store_url, valkey, seed=7)
    with running_worker(any_store_url, valkey, tmp_path / "worker.log"):
        wait_until_done(any_store_url, tmp_path / "worker.log")
    assert rows_of(any_store_url, long_clip) == embedded_rows


def test_kills_of_every_kind_of_process_lose_and_double_nothing(
    moodline: Run, long_clip: Path, embedded_rows: list[str], sqlite_url: str, valkey: KillableValkey, tmp_path: Path
):
    log = tmp_path / "worker.log"
    submit_clip(moodline, long_clip, sqlite_url)
    with running_worker(sqlite_url, valkey, log, slots=1) as worker:
        slot = wait_for_claim(sqlite_url)
        for analysing in children_of(slot):
            kill(analysing)
        slot = wait_for_claim(sqlite_url)
        kill(slot)
        wait_for_claim(sqlite_url, by_another_than=slot)
        valkey.flush()
        (celery,) = [pid for pid in children_of(worker.pid) if "celery_main" in command_of(pid)]
        kill(celery)
        wait_until(lambda: "starting it again" in log.read_text(), "the supervisor starts Celery again")
    with running_worker(sqlite_url, valkey, log):
        wait_until_done(sqlite_url, log)
    assert rows_of(sqlite_url, long_clip) == embedded_rows


def test_forged_messages_stop_no_worker_and_are_not_repeated_in_its_log(
    moodline: Run, long_clip: Path, embedded_rows: list[str], sqlite_url: str, valkey: KillableValkey, tmp_path: Path
):
    log = tmp_path / "worker.log"
    doorbell = CeleryDoorbell(valkey.url)
    doorbell.ring(JobQueue.ARCHIVE, ChunkReference(job_id="0" * 16, chunk_index=0))
    client = redis.Redis.from_url(valkey.url)
    genuine = json.loads(client.lpop(KEY_PREFIX + "archive"))
    for forged in forgeries(genuine):
        client.lpush(KEY_PREFIX + "archive", forged)
    submit_clip(moodline, long_clip, sqlite_url)
    with running_worker(sqlite_url, valkey, log):
        wait_until_done(sqlite_url, log)
    doorbell.close()
    assert rows_of(sqlite_url, long_clip) == embedded_rows
    assert CANARY not in log.read_text()


def forgeries(genuine: dict) -> list[str]:
    """Messages that a stranger might write, each with a word that must not be logged."""

    def with_body(body: object) -> str:
        return json.dumps(genuine | {"body": base64.b64encode(json.dumps(body).encode()).decode()})

    pickled = genuine | {
        "content-type": "application/x-python-serialize",
        "body": base64.b64encode(CANARY.encode()).decode(),
    }
    unknown = genuine | {"headers": genuine["headers"] | {"task": f"os.{CANARY}"}}
    return [
        f"garbage {CANARY}",
        json.dumps([1, 2, CANARY]),
        json.dumps({"a": CANARY}),
        json.dumps(unknown),
        json.dumps(pickled),
        with_body(CANARY),
        with_body([[CANARY, 0], {}, {}]),
        with_body([["0" * 16, CANARY], {}, {}]),
        with_body([[], {CANARY: 1}, {}]),
    ]


def test_stopping_twice_gives_chunks_back_untried(
    moodline: Run, long_clip: Path, sqlite_url: str, valkey: KillableValkey, tmp_path: Path
):
    submitted = moodline("submit", long_clip, "--db", sqlite_url)
    assert submitted.returncode == 0
    with running_worker(sqlite_url, valkey, tmp_path / "worker.log", slots=1) as worker:
        wait_for_claim(sqlite_url)
        worker.terminate()
        time.sleep(1.0)
        worker.terminate()
        assert worker.wait(PATIENCE_SECONDS) == 0
    assert leased_pids(sqlite_url) == []
    store = open_store(sqlite_url)
    with store.reading() as connection:
        (job,) = list_jobs(connection)
    store.close()
    assert job.finished_at is None
    assert job.num_chunks_failed == 0


def test_without_workers_the_broker_holds_a_window_of_small_messages(valkey: KillableValkey, tmp_path: Path):
    store = open_store(f"sqlite:///{tmp_path / 'many.db'}")
    with store.writing() as connection:
        submit(connection, make_request(num_chunks=10_000, queue=JobQueue.ARCHIVE))
    client = redis.Redis.from_url(valkey.url)
    before = client.info("memory")["used_memory"]
    doorbell = CeleryDoorbell(valkey.url)
    dispatcher = Dispatcher(store, doorbell, holder="host/1/1")
    assert [dispatcher.tick() for _ in range(3)] == [4, 0, 0]
    assert doorbell.num_waiting(JobQueue.ARCHIVE) == 4
    assert client.info("memory")["used_memory"] - before < 20_000_000
    assert max(len(message) for message in client.lrange(KEY_PREFIX + "archive", 0, -1)) < 1000
    doorbell.close()
    store.close()


def test_fragments_give_the_same_rows_to_workers_that_cannot_open_the_file(
    long_clip: Path, embedded_rows: list[str], sqlite_url: str, valkey: KillableValkey, tmp_path: Path
):
    clip = tmp_path / "elsewhere.mp4"
    clip.write_bytes(long_clip.read_bytes())
    subprocess.run(
        [MOODLINE, "submit", clip, "--rate", "5", "--fragments", "--db", sqlite_url],
        env=os.environ | {"MOODLINE_BROKER_URL": valkey.url},
        check=True,
        capture_output=True,
    )
    clip.unlink()
    log = tmp_path / "worker.log"
    with running_worker(sqlite_url, valkey, log):
        wait_until_done(sqlite_url, log)
    assert rows_of(sqlite_url, long_clip) == embedded_rows
    assert redis.Redis.from_url(valkey.url).keys("moodline:fragment:*") == []
