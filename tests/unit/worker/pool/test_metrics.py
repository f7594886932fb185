"""What Prometheus and health checks are told."""

import urllib.error
import urllib.request

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from core.errors import EnvironmentFault, StoreUnavailable
from db.queue.roster import show_worker
from db.states import JobQueue
from db.store import Store
from tests.pool_fakes import make_worker, submit_job, write_source
from worker.pool.endpoint import serving
from worker.pool.metrics import PoolCollector
from worker.pool.pulse import Pulse

NO_BROKER = "redis://127.0.0.1:1/0"


@pytest.fixture
def registry(store: Store) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(PoolCollector(store, NO_BROKER))
    return registry


def test_store_is_told_as_it_is(store: Store, registry: CollectorRegistry, tmp_path):
    job = submit_job(store, write_source(tmp_path), num_chunks=3)
    from db.records import ChunkReference

    make_worker(store).answer(ChunkReference(job_id=job.id, chunk_index=0))
    with store.writing() as connection:
        show_worker(connection, "w", queues=(JobQueue.LIVE,), num_slots=3, device="cpu")
    text = generate_latest(registry).decode()
    for line in (
        "moodline_store_up 1.0",
        "moodline_broker_up 0.0",
        "moodline_workers 1.0",
        "moodline_slots 3.0",
        'moodline_jobs{state="running"} 1.0',
        'moodline_chunks_waiting{queue="archive"} 2.0',
        "moodline_frames_total 1.0",
    ):
        assert line in text.splitlines()


def test_absent_store_is_told_and_not_an_error(registry: CollectorRegistry, monkeypatch):
    def be_away(_connection: object) -> None:
        raise StoreUnavailable("restarting")

    monkeypatch.setattr("db.queue.store_metrics.overview", be_away)
    assert "moodline_store_up 0.0" in generate_latest(registry).decode()


def fetch(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_page_serves_metrics_and_health_and_nothing_else(registry: CollectorRegistry):
    well = [True]
    with serving("127.0.0.1", 0, registry, is_well=lambda: well[0]) as port:
        url = f"http://127.0.0.1:{port}"
        assert fetch(f"{url}/healthz") == (200, "ok\n")
        assert "moodline_store_up" in fetch(f"{url}/metrics")[1]
        assert fetch(f"{url}/etc/passwd")[0] == 404
        well[0] = False
        assert fetch(f"{url}/healthz")[0] == 503


def test_port_in_use_is_one_clear_line(registry: CollectorRegistry):
    with (
        serving("127.0.0.1", 0, registry, is_well=lambda: True) as port,
        pytest.raises(EnvironmentFault, match=f"--metrics 127.0.0.1:{port}: cannot listen there"),
        serving("127.0.0.1", port, registry, is_well=lambda: True),
    ):
        pass


def test_pulse_is_felt_for_a_minute(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("worker.pool.pulse.time.monotonic", lambda: now[0])
    pulse = Pulse()
    now[0] += 59
    assert pulse.is_felt()
    now[0] += 2
    assert not pulse.is_felt()
    pulse.beat()
    assert pulse.is_felt()
