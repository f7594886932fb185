"""Generations over HTTP: what commands print, the same switch, the same reprocess; for the local owner alone."""

import json

import pytest

from db.archive.generations import active_job_id
from db.records import JobRecord
from db.states import JobQueue
from tests.conftest import Run
from tests.factories import make_frame_observation
from tests.integration.api.conftest import Served
from tests.stored_generations import request_for, store_generation


def sad_face(span):
    return [make_frame_observation(pts_us=span.start_us, frame_index=span.first_frame_index, emotion="sad")]


@pytest.fixture
def two(served: Served) -> list[JobRecord]:
    """Two generations of a media, and a media of which only the first is there."""
    store = served.app.state.parts.store
    store_generation(store, request_for("second", model="old"))
    return [
        store_generation(store, request_for("first", model="old")),
        store_generation(store, request_for("first", model="new", activates=False), sad_face),
    ]


def test_models_and_generations_are_listed_as_the_command_does(
    served: Served, two: list[JobRecord], store_url: str, moodline: Run
):
    found = served.get("/v1/generations").json()["models"]
    lines = moodline("generations", "--json", "--db", store_url).stdout.splitlines()
    assert found == [json.loads(line) for line in lines]
    media_id = two[0].media_id
    found = served.get(f"/v1/generations?media_id={media_id}").json()["generations"]
    lines = moodline("generations", media_id, "--json", "--db", store_url).stdout.splitlines()
    assert found == [json.loads(line) for line in lines]
    assert {each["job_id"]: each["is_active"] for each in found} == {two[0].id: True, two[1].id: False}
    assert served.get("/v1/generations?media_id=0000000000000000").status_code == 404


def test_two_jobs_and_two_models_are_compared_as_the_command_does(
    served: Served, two: list[JobRecord], store_url: str, moodline: Run
):
    found = served.get(f"/v1/generations/diff?from={two[0].id}&to={two[1].id}").json()
    expected = json.loads(moodline("diff", two[0].id, two[1].id, "--json", "--db", store_url).stdout)
    assert found["num_labels_changed"] == 2
    assert found["name"] == expected.pop("path").rpartition("/")[2]
    assert expected.items() <= found.items()
    archive = served.get("/v1/generations/diff?from=old&to=new").json()
    told = moodline("diff", "--model", "old", "--model", "new", "--json", "--db", store_url).stdout.splitlines()
    assert json.loads(told[-1]).items() <= archive.items()
    assert (archive["num_media"], archive["num_media_without_after"]) == (1, 1)
    assert [media["media_id"] for media in archive["most_changed_media"]] == [two[0].media_id]
    assert "/videos" not in json.dumps([found, archive])


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("from=old&to=old", 422),
        ("from=old&to=0000000000000000", 422),
        ("from=0000000000000000&to=0000000000000001", 404),
        ("from=old&to=none", 422),
        ("from=old", 422),
        ("from=' OR 1=1--&to=old", 422),
    ],
)
@pytest.mark.usefixtures("two")
def test_what_cannot_be_compared_is_refused(served: Served, query: str, status: int):
    assert served.get(f"/v1/generations/diff?{query}").status_code == status


def test_another_generation_is_read_from_now_on_and_back(served: Served, two: list[JobRecord]):
    old, new = two

    def active():
        with served.app.state.parts.store.reading() as connection:
            return active_job_id(connection, old.media_id)

    answer = served.post("/v1/generations/activate", json={"job_id": new.id})
    assert answer.json() == {
        "media_id": old.media_id,
        "job_id": new.id,
        "model_version": new.model_version_id,
        "job_id_before": old.id,
    }
    assert active() == new.id
    would = served.post("/v1/generations/activate", json={"model": "old", "dry_run": True}).json()
    assert (would["num_media_by_model_before"], active()) == ({new.model_version_id: 1}, new.id)
    did = served.post("/v1/generations/activate", json={"model": "old"}).json()
    assert did == would | {"dry_run": False}
    assert active() == old.id


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 422),
        ({"job_id": "0" * 16, "model": "old"}, 422),
        ({"job_id": "0" * 16, "dry_run": True}, 422),
        ({"job_id": "0" * 16}, 404),
        ({"model": "none"}, 422),
        ({"model": "x'; DROP TABLE job;--"}, 422),
    ],
)
def test_a_switch_that_cannot_be_is_refused(served: Served, asked: dict, status: int):
    assert served.post("/v1/generations/activate", json=asked).status_code == status


def test_what_is_not_finished_is_not_read(served: Served):
    answer = served.post("/v1/generations/activate", json={"job_id": served.open_job.id})
    assert (answer.status_code, answer.json()["code"]) == (409, "JOB_NOT_FINISHED")


@pytest.mark.usefixtures("two")
def test_an_archive_is_analysed_again_at_low_priority_once(served: Served, store_url: str, moodline: Run):
    asked = {"model": "small", "all": True}
    would = served.post("/v1/reprocess", json=asked | {"dry_run": True}).json()
    told = moodline("reprocess", "--model", "small", "--all", "--dry-run", "--json", "--db", store_url)
    assert would == json.loads(told.stdout)
    assert (would["num_media"], would["priority"]) == (4, 1)
    done = served.post("/v1/reprocess", json=asked).json()
    assert done == would | {"dry_run": False}
    made = served.get("/v1/jobs?state=pending").json()["jobs"]
    assert {job["priority"] for job in made if job["job_id"] != served.open_job.id} == {1}
    assert {job["queue"] for job in made if job["priority"] == 1} == {JobQueue.ARCHIVE.value}
    again = served.post("/v1/reprocess", json=asked).json()
    assert (again["num_media"], again["num_skipped"]["under_way"]) == (0, 4)


@pytest.mark.parametrize(
    "asked",
    [
        {"model": "small"},
        {"model": "small", "all": True, "subject": "anna"},
        {"model": "small", "subject": "nobody"},
        {"model": "/etc/passwd", "all": True},
        {"model": "none", "all": True},
        {"model": "small", "all": True, "rate": 0},
        {"model": "small", "all": True, "min_face": 5},
        {"model": "small", "all": True, "force": True},
    ],
)
def test_a_reprocess_that_cannot_be_is_refused(served: Served, asked: dict):
    assert served.post("/v1/reprocess", json=asked).status_code == 422


@pytest.mark.usefixtures("two")
def test_a_filtered_reprocess_is_of_those_media(served: Served):
    asked = {"model": "small", "subject": "anna", "dry_run": True}
    assert served.post("/v1/reprocess", json=asked).json()["num_media"] == 1
    asked = {"model": "small", "active_model": "old", "path": "*.mp4", "dry_run": True}
    assert served.post("/v1/reprocess", json=asked).json()["num_media"] == 2


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "generations", None),
        ("GET", "generations/diff?from=old&to=new", None),
        ("POST", "generations/activate", {"model": "old"}),
        ("POST", "reprocess", {"model": "small", "all": True}),
        ("GET", "workers", None),
    ],
)
@pytest.mark.usefixtures("two")
def test_what_concerns_the_whole_archive_is_for_local_alone(served: Served, method: str, path: str, body):
    answer = served.client.request(method, f"/v1/{path}", json=body, headers=served.headers("bob"))
    assert (answer.status_code, answer.json()["code"]) == (403, "LOCAL_ONLY")
    assert served.get("/v1/jobs?state=pending").json()["jobs"][0]["job_id"] == served.open_job.id
