"""Person tracks over HTTP: listed, decided about as `moodline tracks` does, logged by key, and read one by one."""

import pytest

from api.documents import examples
from core.observations import track_number
from core.tracks.document import track_document
from db.archive.owned import own_media
from db.people import audit
from db.queue.control import resume
from db.tracks.decisions import decisions_of, tracks_of
from db.tracks.spans import figures_of
from tests.integration.api.conftest import Served
from tests.integration.api.test_every_route import keys_of
from tests.stored_generations import (
    fail_generation,
    request_for,
    store_generation,
    submit_generation,
    work_off,
)
from tests.unit.db.tracks.test_decisions import FPS, three_people

LEFT, RIGHT = (track_number(frame_index=0, face_index=person) for person in range(2))
THIRD = track_number(frame_index=5 * FPS, face_index=2)
THIRD_AGAIN = track_number(frame_index=15 * FPS, face_index=2)


@pytest.fixture
def media_id(served: Served) -> str:
    store = served.app.state.parts.store
    return store_generation(store, request_for("people", num_chunks=2), three_people).media_id


def decide(served: Served, media_id: str, what: str, owner: str = "local", **body):
    return served.post(f"/v1/media/{media_id}/tracks/{what}", owner, json=body)


def listed(served: Served, media_id: str, more: str = "") -> dict:
    return served.get(f"/v1/media/{media_id}/tracks{more}").json()


def numbers(document: dict) -> list[int]:
    return [track["track"] for track in document["tracks"]]


def test_tracks_are_told_as_the_command_tells_them(served: Served, media_id: str):
    document = listed(served, media_id)
    assert numbers(document) == [LEFT, RIGHT, THIRD, THIRD_AGAIN]
    assert (document["is_partial"], document["num_tracks"], document["decisions"]) == (False, 4, [])
    with served.app.state.parts.store.reading() as connection:
        job = own_media(connection, "local", media_id).job
        tracks = tracks_of(connection, job.id)
        figures = figures_of(connection, job.id, list(tracks.values()))
    assert document["tracks"] == [track_document(track, figures[track.number], {}) for track in tracks.values()]
    assert numbers(listed(served, media_id, "?min_seconds=4")) == [LEFT, RIGHT]


def test_tracks_in_pages_are_all(served: Served, media_id: str):
    first = listed(served, media_id, "?limit=3")
    rest = listed(served, media_id, f"?limit=3&cursor={first['next_cursor']}")
    assert numbers(first) + numbers(rest) == [LEFT, RIGHT, THIRD, THIRD_AGAIN]
    assert rest["next_cursor"] is None


def test_decisions_are_made_read_and_taken_back(served: Served, media_id: str):
    before = listed(served, media_id)
    made = decide(served, media_id, "merge", tracks=[THIRD, THIRD_AGAIN]).json()["decision"]
    assert (made["kind"], made["tracks"], made["actor"]) == ("merge", [THIRD, THIRD_AGAIN], "api:local")
    assert numbers(listed(served, media_id)) == [LEFT, RIGHT, THIRD]
    made = decide(served, media_id, "split", track=LEFT, at_seconds=4.95).json()["decision"]
    assert (made["at_seconds"], made["new_track"]) == (5.0, track_number(frame_index=50, face_index=0))
    assert len(numbers(listed(served, media_id))) == 4
    assert decide(served, media_id, "split", track=RIGHT).status_code == 200  # back into its chunks' tracks
    for kind in ("split", "split at", "merge"):
        assert served.post(f"/v1/media/{media_id}/tracks/undo").json()["decision"]["kind"] == kind
    after = listed(served, media_id)
    assert after["tracks"] == before["tracks"]
    assert [each["is_undone"] for each in after["decisions"]] == [True, True, True, False, False, False]
    answer = served.post(f"/v1/media/{media_id}/tracks/undo")
    assert (answer.status_code, answer.json()["code"]) == (422, "INPUT_REFUSED")


def test_a_track_is_a_subjects_and_the_log_names_it_by_key_only(served: Served, media_id: str):
    made = decide(served, media_id, "assign", tracks=[LEFT], subject="anna", session="two").json()["decision"]
    assert (made["kind"], made["subject_id"]) == ("assign", "anna")
    assert listed(served, media_id)["tracks"][0]["subject_id"] == "anna"
    with served.app.state.parts.store.reading() as connection:
        entry = audit.newest(connection)
    assert (entry.action, entry.actor) == ("tracks decided", "api:local")
    assert not any(word in str(entry) for word in ("anna", media_id, "two"))
    assert keys_of(listed(served, media_id)) == keys_of(examples.TRACKS)
    answer = decide(served, media_id, "assign", tracks=[LEFT]).json()
    assert keys_of(answer) == keys_of(examples.DECISION)
    made = answer["decision"]
    assert made["subject_id"] is None
    assert listed(served, media_id)["tracks"][0]["subject_id"] is None


@pytest.mark.parametrize(
    ("what", "body", "status", "code"),
    [
        ("merge", {"tracks": [LEFT]}, 422, "INPUT_REFUSED"),
        ("merge", {"tracks": [LEFT, RIGHT]}, 422, "INPUT_REFUSED"),  # both in one picture
        ("merge", {"tracks": [LEFT, 999]}, 422, "INPUT_REFUSED"),
        ("merge", {"tracks": []}, 422, "INVALID_REQUEST"),
        ("split", {"track": LEFT, "at_seconds": 500}, 422, "INPUT_REFUSED"),
        ("split", {"track": THIRD}, 422, "INPUT_REFUSED"),
        ("assign", {"tracks": [LEFT], "subject": "zoe"}, 404, "NO_SUCH_SUBJECT"),
        ("assign", {"tracks": [LEFT], "session": "two"}, 422, "NOBODY_NAMED"),
        ("assign", {"tracks": [LEFT], "who": "anna"}, 422, "INVALID_REQUEST"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_and_changes_nothing(
    served: Served, media_id: str, what, body, status, code
):
    answer = decide(served, media_id, what, **body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert listed(served, media_id)["decisions"] == []


def test_nothing_is_decided_while_more_tracks_may_come(served: Served):
    job = submit_generation(served.app.state.parts.store, request_for("open"))
    answer = decide(served, job.media_id, "merge", tracks=[1, 2])
    assert (answer.status_code, answer.json()["code"]) == (409, "JOB_NOT_OVER")


def test_whoever_is_not_local_decides_about_its_own_and_names_nobody(served: Served, media_id: str):
    assert decide(served, media_id, "merge", "bob", tracks=[THIRD, THIRD_AGAIN]).json()["code"] == "NO_SUCH_MEDIA"
    store = served.app.state.parts.store
    mine = store_generation(store, request_for("bobs people", owner="bob"), three_people)
    assert decide(served, mine.media_id, "merge", "bob", tracks=[THIRD, THIRD_AGAIN]).status_code == 200
    answer = decide(served, mine.media_id, "assign", "bob", tracks=[LEFT], subject="anna")
    assert (answer.status_code, answer.json()["code"]) == (404, "NO_SUCH_SUBJECT")
    with store.reading() as connection:
        assert [each.actor for each in decisions_of(connection, mine.id)] == ["api:bob"]


def test_a_job_that_was_resumed_has_the_tracks_that_came_since(served: Served):
    store = served.app.state.parts.store
    job = work_off(store, submit_generation(store, request_for("in two goes", num_chunks=2)), three_people, at_most=1)
    fail_generation(store, job)
    assert numbers(listed(served, job.media_id)) == [LEFT, RIGHT, THIRD]
    with store.writing() as connection:
        resume(connection, job.id)
    work_off(store, job, three_people)
    assert numbers(listed(served, job.media_id)) == [LEFT, RIGHT, THIRD, THIRD_AGAIN]


def test_a_tracks_own_timeline_follows_the_decisions(served: Served, media_id: str):
    path = f"/v1/media/{media_id}/timeline?bin=5s"
    assert [point["num_face_frames"] for point in served.get(f"{path}&track={LEFT}").json()["points"]] == [50] * 4
    third = served.get(f"{path}&track={THIRD}").json()
    assert third["track"] == THIRD
    assert [point["num_face_frames"] for point in third["points"]] == [0, 35, 0, 0]
    decide(served, media_id, "merge", tracks=[THIRD, THIRD_AGAIN])
    found = served.get(f"{path}&track={THIRD}").json()["points"]
    assert [point["num_faces"] for point in found] == [0, 35, 0, 35]
    assert served.get(f"{path}&track=12345").json()["code"] == "INPUT_REFUSED"
    assert served.get(f"{path}&track={LEFT}&smooth=1").json()["code"] == "TRACK_ALONE"
