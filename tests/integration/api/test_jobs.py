"""Jobs are asked for once, watched, stopped and resumed by their owner."""

import json
from pathlib import Path

import pytest

from api.files.kept_files import folder_of
from db.archive.owned import own_job
from db.jobs import get_job
from db.states import JobQueue, JobState
from tests.clips import Recipe, write_clip
from tests.integration.api.conftest import Served


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write_clip(tmp_path_factory.mktemp("upload") / "clip.mp4").read_bytes()


@pytest.fixture
def media_id(served: Served, clip: bytes) -> str:
    for owner in ("local", "bob"):
        answer = served.post("/v1/media", owner, params={"name": "clip.mp4"}, content=clip)
    return answer.json()["media_id"]


def submit(served: Served, media_id: str, owner: str = "bob", key: str | None = None, **more):
    headers = {} if key is None else {"Idempotency-Key": key}
    return served.post("/v1/jobs", owner, json={"media_id": media_id} | more, headers=headers)


def stored(served: Served, job_id: str):
    with served.app.state.parts.store.reading() as connection:
        return get_job(connection, job_id)


def test_a_job_is_its_owners_and_waits_in_the_archive_queue(served: Served, media_id: str):
    answer = submit(served, media_id, rate=5, priority=7, started_at="2026-11-20T09:30:00+01:00")
    assert answer.status_code == 201, answer.text
    job = stored(served, answer.json()["job_id"])
    assert (job.owner, job.queue, job.priority, job.parameters.sample_rate_hz) == ("bob", JobQueue.ARCHIVE, 7, 5.0)
    [listed] = [each for each in served.get("/v1/media", "bob").json()["media"] if each["media_id"] == media_id]
    assert (listed["name"], listed["started_at"]) == ("clip.mp4", "2026-11-20T08:30:00+00:00")


def test_the_same_again_is_the_same_job(served: Served, media_id: str):
    first, again = submit(served, media_id), submit(served, media_id)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["job_id"] == again.json()["job_id"]
    assert submit(served, media_id, "local").json()["job_id"] != first.json()["job_id"]


def test_a_key_is_for_one_request(served: Served, media_id: str):
    first = submit(served, media_id, key="once", rate=5)
    assert submit(served, media_id, key="once", rate=5).json()["job_id"] == first.json()["job_id"]
    other = submit(served, media_id, key="once", rate=6)
    assert (other.status_code, other.json()["code"]) == (409, "KEY_TAKEN")
    assert submit(served, media_id, "local", key="once", rate=6).status_code == 201


def test_another_owners_job_does_not_change_what_readers_of_the_same_bytes_see(served: Served, media_id: str):
    assert not stored(served, submit(served, media_id, "bob").json()["job_id"]).activates
    assert stored(served, submit(served, media_id, "local").json()["job_id"]).activates


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"model": "/etc/passwd"}, "INVALID_REQUEST"),
        ({"model": "../card.json"}, "INVALID_REQUEST"),
        ({"model": "nosuch"}, "INPUT_REFUSED"),
        ({"rate": 0}, "INVALID_REQUEST"),
        ({"started_at": "2026-11-20T09:30:00"}, "INVALID_REQUEST"),
        ({"session": "one"}, "NOBODY_NAMED"),
        ({"force": True}, "INVALID_REQUEST"),
        ({"media_id": "../../../../etc"}, "INVALID_REQUEST"),
    ],
)
def test_a_wrong_request_is_refused_by_name(served: Served, media_id: str, asked, code):
    answer = submit(served, **{"media_id": media_id} | asked)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert str(served.settings.uploads) not in answer.text


def test_a_media_id_is_no_way_into_anothers_folder(served: Served, clip: bytes, tmp_path: Path):
    theirs = served.post("/v1/media", "local", params={"name": "theirs.mp4"}, content=clip).json()["media_id"]
    mine = write_clip(tmp_path / "mine.mp4", Recipe(num_frames=20)).read_bytes()
    assert served.post("/v1/media", "bob", params={"name": "mine.mp4"}, content=mine).status_code == 201
    assert submit(served, theirs, "bob").status_code == 404
    folder = folder_of(served.settings.uploads, "local")
    answer = submit(served, f"../{folder.name}/{theirs}", "bob")
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_REQUEST")


def test_nobody_is_named_whose_consent_does_not_hold(served: Served, media_id: str):
    asked = {"subject": "anna", "started_at": "2026-11-20T09:30:00Z"}
    assert served.post("/v1/subjects/anna/withdraw").status_code == 200
    answer = submit(served, media_id, "local", **asked)
    assert (answer.status_code, "no consent" in answer.json()["detail"]) == (422, True)
    assert media_id not in str(served.get("/v1/jobs").json())
    assert submit(served, media_id, "local").status_code == 201  # a face without a name


def test_only_the_local_owner_may_name_a_subject(served: Served, media_id: str):
    asked = {"subject": "anna", "started_at": "2026-11-20T09:30:00Z"}
    assert submit(served, media_id, "bob", **asked).json()["code"] == "NO_SUCH_SUBJECT"
    assert submit(served, media_id, "local", **asked).status_code == 201
    assert submit(served, media_id, "local", subject="zoe").status_code == 422


def test_a_job_is_paused_resumed_and_given_up(served: Served):
    path = f"/v1/jobs/{served.open_job.id}"
    assert served.post(f"{path}/pause").json()["is_paused"]
    assert not served.post(f"{path}/resume").json()["is_paused"]
    assert served.post(f"{path}/cancel").json()["state"] == "cancelled"
    for what in ("pause", "resume", "cancel"):
        answer = served.post(f"{path}/{what}")
        assert (answer.status_code, answer.json()["code"]) == (409, "JOB_IS_OVER")


def test_anothers_job_is_not_touched(served: Served):
    for what in ("pause", "cancel"):
        served.post(f"/v1/jobs/{served.open_job.id}/{what}", "bob")
    job = stored(served, served.open_job.id)
    assert (job.state, job.is_paused) == (JobState.PENDING, False)
    with served.app.state.parts.store.reading() as connection:
        assert own_job(connection, "bob", served.open_job.id) is None


def events(text: str) -> list[tuple[str, dict]]:
    found = []
    for block in text.strip().split("\n\n"):
        kind, data = block.split("\n")
        found.append((kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def test_a_job_that_is_over_is_one_last_event(served: Served):
    answer = served.get(f"/v1/jobs/{served.jobs['local'].id}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    [(kind, document)] = events(answer.text)
    assert (kind, document["state"]) == ("over", "done")


def test_a_stream_of_a_job_that_waits_ends_after_a_while(served: Served):
    [(kind, document)] = events(served.get(f"/v1/jobs/{served.open_job.id}/events").text)
    assert (kind, document["state"]) == ("progress", "pending")


def test_a_body_that_is_no_text_is_refused(served: Served):
    answer = served.post("/v1/jobs", content=b"\x80", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "BODY_UNREADABLE")


def test_a_large_body_is_refused_before_it_is_read(served: Served):
    answer = served.post("/v1/jobs", content=b"{" * 70_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "BODY_TOO_LARGE")
    answer = served.post("/v1/jobs", content=iter([b"{}"]))
    assert (answer.status_code, answer.json()["code"]) == (411, "LENGTH_REQUIRED")
