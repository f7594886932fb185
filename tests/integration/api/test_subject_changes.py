"""Subjects are added, allowed, withdrawn and erased over HTTP as by the commands, each audited."""

import csv
import io
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import MetaData, select

from api.files.kept_files import copies_of
from core.people.subjects import Appearance
from db.jobs import get_job
from db.people import audit
from db.people.appearances import assign, remove
from db.queue.ledger import Fenced, claim_next, commit_chunk
from db.states import JobState
from db.submission import submit
from tests.clips import write_clip
from tests.factories import make_frame_observation, make_request
from tests.integration.api.conftest import Served

NEW = {"subject_id": "ben", "study_id": "moods", "version": "2026-1"}
STUDY = {"id": "desks", "purpose": "workplace", "controller": "X", "contact": "x@x.example"}


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write_clip(tmp_path_factory.mktemp("upload") / "clip.mp4").read_bytes()


def store(served: Served):
    return served.app.state.parts.store


def log(served: Served) -> list[tuple[str, str]]:
    with store(served).reading() as connection:
        return [(entry.action, entry.actor) for entry in audit.entries(connection)]


def test_a_subject_is_added_with_what_allows_it(served: Served):
    answer = served.post("/v1/subjects", json=NEW | {"until_at": "2100-01-01T00:00:00+01:00", "group": "control"})
    assert answer.status_code == 201, answer.text
    assert answer.json() == served.get("/v1/subjects/ben").json()
    assert answer.json()["consent"]["until_at"] == "2099-12-31T23:00:00+00:00"
    assert log(served)[-2:] == [("subject added", "api:local"), ("consent given", "api:local")]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"subject_id": "anna"}, "subject anna is there already"),
        ({"study_id": "none"}, "no study none"),
        ({"version": ""}, "version"),
        ({"given_at": "2026-01-01T00:00:00"}, "given_at"),
        ({"given_at": "0001-01-01T00:00:00+14:00"}, "years from 1900"),
        ({"given_at": "2026-01-02T00:00:00Z", "until_at": "2026-01-01T00:00:00Z"}, "is not after"),
        ({"subject_id": "a/b"}, "subject_id"),
        ({"subject_id": "a\u0000"}, "subject_id"),
        ({"key": "x"}, "key"),
    ],
)
def test_what_cannot_be_added_is_refused_by_name(served: Served, asked: dict, said: str):
    answer = served.post("/v1/subjects", json=NEW | asked)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]
    assert len(served.get("/v1/subjects").json()["subjects"]) == 1


@pytest.mark.parametrize("name", ["=1+1", "'; DROP TABLE subject;--", "<img src=x onerror=alert(1)>", "100 %", "ünï"])
def test_a_pseudonym_is_a_string_wherever_it_goes(served: Served, name: str):
    assert served.post("/v1/subjects", json=NEW | {"subject_id": name}).status_code == 201
    path = f"/v1/subjects/{quote(name)}"
    assert served.get(path).json()["subject_id"] == name
    with store(served).writing() as connection:
        assign(connection, served.media_id(), Appearance(subject_id=name, session="=2+2", condition="@x"), actor="t")
        remove(connection, served.media_id(), "anna", actor="t")
    table = served.get(f"{path}/timeline.csv?bin=1d")
    assert table.status_code == 200
    shown = f"'{name}" if name.startswith("=") else name  # else a spreadsheet runs it
    assert next(csv.DictReader(io.StringIO(table.text)))["subject_id"] == shown
    assert served.client.delete(path, params={"confirm": name}, headers=served.headers()).status_code == 200


def test_a_workplace_is_refused_without_a_reason_and_the_refusal_logged(served: Served):
    answer = served.post("/v1/studies", json=STUDY)
    assert (answer.status_code, answer.json()["code"]) == (422, "PURPOSE_REFUSED")
    assert "Art. 5(1)(f)" in answer.json()["detail"]
    assert log(served)[-1] == ("study refused", "api:local")
    assert served.post("/v1/subjects", json=NEW | {"study_id": "desks"}).status_code == 422
    reason = {"exemption": "safety", "reason": "drivers of heavy machines who fall asleep"}
    assert served.post("/v1/studies", json=STUDY | reason).status_code == 201
    assert {study["id"] for study in served.get("/v1/studies").json()["studies"]} == {"desks", "moods"}
    assert served.post("/v1/subjects", json=NEW | {"study_id": "desks"}).status_code == 201


def test_a_consent_is_recorded_and_withdrawn_and_stops_what_runs(served: Served):
    with store(served).writing() as connection:
        assign(connection, served.open_job.media_id, Appearance(subject_id="anna"), actor="test")
    answer = served.post("/v1/subjects/anna/consents", json={"version": "2026-2", "covers_identity": True})
    assert (answer.status_code, answer.json()["consent"]["version"]) == (201, "2026-2")
    withdrawn = served.post("/v1/subjects/anna/withdraw").json()
    assert (withdrawn["consent"], withdrawn["cancelled_job_ids"]) == (None, [served.open_job.id])
    with store(served).reading() as connection:
        assert get_job(connection, served.open_job.id).state is JobState.CANCELLED
    assert log(served)[-2:] == [("consent given", "api:local"), ("consent withdrawn", "api:local")]


def test_erasing_needs_the_pseudonym_again(served: Served):
    for query in ("", "?confirm=", "?confirm=ann", "?confirm=ANNA"):
        answer = served.client.delete(f"/v1/subjects/anna{query}", headers=served.headers())
        assert answer.status_code == 422
    assert served.get("/v1/subjects/anna").status_code == 200


def test_nothing_of_an_erased_person_is_left(served: Served, clip: bytes):
    media_id = served.post("/v1/media?name=anna.mp4", content=clip).json()["media_id"]
    asked = {"media_id": media_id, "subject": "anna", "session": "canary-session", "condition": "canary-condition"}
    job_id = served.post("/v1/jobs", json=asked).json()["job_id"]
    with store(served).writing() as connection:
        held = claim_next(connection, job_id, lease_owner="worker", lease_seconds=60)
    assert held is not None
    sha256 = served.get(f"/v1/media/{media_id}").json()["sha256"]
    assert len(copies_of(served.settings.uploads, sha256)) == 2
    answer = served.client.delete("/v1/subjects/anna?confirm=anna", headers=served.headers())
    assert answer.status_code == 200, answer.text
    certificate = answer.json()
    assert certificate["num_rows_by_table"]["frame_row"] == 10
    assert sorted(certificate["removed_elsewhere"]) == ["an uploaded video", "what it was called"]
    assert certificate["left"] == []
    assert not [trace for trace in ("anna", "canary", "uploads", media_id) if trace in answer.text]
    assert copies_of(served.settings.uploads, sha256) == []
    with pytest.raises(Fenced), store(served).writing() as connection:
        commit_chunk(connection, held, [make_frame_observation(held.span.start_us / 1e6 + 1)])
    with store(served).reading() as connection:
        tables = MetaData()
        tables.reflect(connection)
        cells = "\n".join(repr(row) for table in tables.sorted_tables for row in connection.execute(select(table)))
    assert not [trace for trace in ("anna", "canary", media_id, job_id) if trace in cells]
    assert log(served)[-2:] == [("consent withdrawn", "api:local"), ("subject erased", "api:local")]
    assert served.get("/v1/subjects/anna").status_code == 404
    again = served.post("/v1/subjects", json=NEW | {"subject_id": "anna"})
    assert (again.status_code, "was erased" in again.json()["detail"]) == (422, True)


def test_an_erased_persons_upload_goes_though_its_file_was_analysed_elsewhere_since(served: Served, tmp_path: Path):
    path = write_clip(tmp_path / "canary.mp4")
    media_id = served.post("/v1/media?name=anna.mp4", content=path.read_bytes()).json()["media_id"]
    sha256 = served.post("/v1/media?name=x.mp4", "bob", content=path.read_bytes()).json()["sha256"]
    asked = {"media_id": media_id, "subject": "anna", "session": "canary"}
    assert served.post("/v1/jobs", json=asked).status_code == 201
    with store(served).writing() as connection:  # as `moodline analyze` does
        request = make_request("again", path=str(path), content=path.read_bytes())
        assert submit(connection, request).job.media_id == media_id
    certificate = served.client.delete("/v1/subjects/anna?confirm=anna", headers=served.headers()).json()
    assert copies_of(served.settings.uploads, sha256) == []
    assert sorted(certificate["removed_elsewhere"]) == [*["an uploaded video"] * 2, *["what it was called"] * 2]
    assert (path.is_file(), certificate["num_originals_left"]) == (True, 2)  # it and the fixture's


def test_an_erased_persons_upload_in_pieces_leaves_no_note_of_it(served: Served, clip: bytes):
    tus = {"Tus-Resumable": "1.0.0"}
    path = served.post("/v1/uploads", headers=tus | {"Upload-Length": str(len(clip))}).headers["location"]
    piece = tus | {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    added = served.client.patch(path, content=clip, headers=served.headers() | piece)
    media_id = added.headers["moodline-media-id"]
    assert served.post("/v1/jobs", json={"media_id": media_id, "subject": "anna"}).status_code == 201
    answer = served.client.delete("/v1/subjects/anna?confirm=anna", headers=served.headers())
    assert answer.status_code == 200, answer.text
    files = [each for each in served.settings.uploads.rglob("*") if each.is_file()]
    assert not [each for each in files if media_id in each.name or media_id in each.read_text()]
    assert served.client.head(path, headers=served.headers() | tus).status_code == 404


def test_another_owner_neither_adds_nor_erases(served: Served):
    for path, body in (("/v1/subjects", NEW), ("/v1/studies", STUDY)):
        answer = served.post(path, "bob", json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "LOCAL_ONLY")
    assert served.get("/v1/studies", "bob").status_code == 403
    before = log(served)
    for method, path in (("POST", "consents"), ("POST", "withdraw"), ("DELETE", "?confirm=anna")):
        url = f"/v1/subjects/anna{path}" if path.startswith("?") else f"/v1/subjects/anna/{path}"
        answer = served.client.request(method, url, headers=served.headers("bob"), json={"version": "1"})
        assert (answer.status_code, answer.json()["code"]) == (404, "NO_SUCH_SUBJECT")
    assert log(served) == before
