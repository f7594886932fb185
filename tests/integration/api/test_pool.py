"""Who works, what waits and what went wrong: told without a path, and to others without an id."""

import pytest

from api.routes.job_errors import without_paths
from db.queue.ledger import claim_next, fail_chunk
from db.queue.roster import show_worker
from db.records import Fault
from db.states import JobQueue
from tests.factories import make_request
from tests.integration.api.conftest import Served
from tests.stored_generations import submit_generation

PLACE = "/videos/secret place/clip.mp4"


@pytest.fixture
def broken(served: Served) -> str:
    """A job of local's with a failed chunk, a chunk in hand and one that waits."""
    store = served.app.state.parts.store
    job = submit_generation(store, make_request("broken", path=PLACE, num_chunks=3))
    message = f"{PLACE}: cannot be opened; /var/lib/moodline/uploads/kept/ab/cd.mp4 and /etc/passwd: no such file"
    for fault in (Fault(code="SOURCE_MISSING", message=message), None):
        with store.writing() as connection:
            held = claim_next(connection, job.id, lease_owner="host-a/12/345", lease_seconds=60)
            assert held is not None
            if fault is not None:
                fail_chunk(connection, held, fault)
    with store.writing() as connection:
        queues = [JobQueue.ARCHIVE, JobQueue.LIVE]
        show_worker(connection, "host-a/11/344", queues=queues, num_slots=2, device="cpu")
    return job.id


def test_errors_are_told_span_by_span_without_a_path(served: Served, broken: str):
    answer = served.get(f"/v1/jobs/{broken}/errors")
    [error] = answer.json()["errors"]
    assert (error["chunk_index"], error["start_seconds"], error["end_seconds"]) == (0, 0.0, 10.0)
    assert (error["code"], error["state"]) == ("SOURCE_MISSING", "failed")
    assert error["message"] == "the file: cannot be opened; a file and a file: no such file"
    assert served.get(f"/v1/jobs/{served.jobs['local'].id}/errors").json()["errors"] == []
    assert served.get(f"/v1/jobs/{broken}/errors", "bob").json()["code"] == "NO_SUCH_JOB"


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("/a/b.mp4: is gone", "the file: is gone"),
        ("'/var/x/y.mp4' is gone", "'a file' is gone"),
        ("1/2 of it; 5 km/h", "1/2 of it; 5 km/h"),
        ("https://x.example/a/b", "https://x.example/a/b"),
        ("rtsp://admin:S3cret@10.0.0.9/a is gone", "rtsp://…@10.0.0.9/a is gone"),
        ("redis://:S3/c@ret@host: refused", "redis://…@host: refused"),
        ("a@b.example wrote", "a@b.example wrote"),
    ],
)
def test_only_places_on_a_disk_are_left_out(message: str, told: str):
    assert without_paths(message, "/a/b.mp4") == told


def test_workers_are_told_with_what_they_hold(served: Served, broken: str):
    document = served.get("/v1/workers").json()
    [worker] = document["workers"]
    assert (worker["host"], worker["queues"], worker["num_slots"]) == ("host-a", ["archive", "live"], 2)
    assert (worker["num_chunks_on_host"], worker["device"]) == (1, "cpu")
    assert 0 <= worker["seen_seconds_ago"] < 30
    [chunk] = document["chunks_in_hand"]
    assert (chunk["job_id"], chunk["chunk_index"], chunk["host"], chunk["attempt"]) == (broken, 1, "host-a", 1)
    assert 0 < chunk["lease_seconds_left"] <= 60


def test_the_queue_is_told_to_every_owner_without_an_id(served: Served, broken: str):
    answer = served.get("/v1/queue", "bob")
    document = answer.json()
    counts = document["num_chunks"]["local"]
    assert counts == {"pending": 2, "leased": 1, "done": 0, "failed": 1}
    assert document["num_chunks_by_error"] == {"SOURCE_MISSING": 1}
    assert (document["worked_by"], document["num_workers"]) == ("pool", 1)
    assert document["oldest_unfinished_seconds"]["local"] >= 0
    assert document["frames_per_second"] == pytest.approx(20 / 60, abs=0.01)
    assert not [trace for trace in (broken, PLACE, "anna", "host-a") if trace in answer.text]


def test_jobs_are_listed_by_state(served: Served, broken: str):
    def ids(query: str, owner: str = "local") -> list[str]:
        return [job["job_id"] for job in served.get(f"/v1/jobs?{query}", owner).json()["jobs"]]

    assert ids("state=running") == [broken]
    assert ids("state=done") == [served.jobs["local"].id]
    assert ids("state=done", "bob") == [served.jobs["bob"].id]
    assert served.get("/v1/jobs?state=lost").status_code == 422
    first = served.get("/v1/jobs?state=pending&limit=1").json()
    assert (first["jobs"][0]["job_id"], first["next_cursor"]) == (served.open_job.id, None)
