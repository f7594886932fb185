"""Subjects: told to whoever runs the command line, each look logged, ten years by the second refused."""

from datetime import UTC, datetime

from core.people.subjects import Appearance
from db.people import audit
from db.submission import submit
from tests.factories import make_request
from tests.integration.api.conftest import Served


def newest(served: Served):
    with served.app.state.parts.store.reading() as connection:
        return audit.newest(connection)


def test_a_subject_is_told_with_what_allows_it(served: Served):
    document = served.get("/v1/subjects/anna").json()
    assert (document["subject_id"], document["study_id"]) == ("anna", "moods")
    assert document["consent"]["basis"] == "consent"
    assert "key" not in document


def test_a_record_is_answered_and_the_look_logged_by_key_only(served: Served):
    document = served.get("/v1/subjects/anna/timeline?bin=1d&zone=Europe/Berlin").json()
    [point] = document["points"]
    assert (point["start"], point["status"], point["num_readings"]) == ("2026-03-01T00:00:00+01:00", "ok", 10)
    entry = newest(served)
    assert (entry.action, entry.actor) == ("timeline viewed", "api:local")
    assert "anna" not in str(entry)


def test_a_refused_look_is_no_look(served: Served):
    before = newest(served)
    assert served.get("/v1/subjects/anna/timeline?bin=7s").status_code == 422
    assert served.get("/v1/subjects/anna/timeline", "bob").status_code == 404
    assert newest(served) == before


def test_ten_years_by_the_second_are_refused_and_by_the_month_answered(served: Served):
    old = make_request(
        "old", started_at=datetime(2016, 3, 1, 9, tzinfo=UTC), appearance=Appearance(subject_id="anna", session="old")
    )
    with served.app.state.parts.store.writing() as connection:
        submit(connection, old)
    answer = served.get("/v1/subjects/anna/timeline?bin=1s")
    assert (answer.status_code, answer.json()["code"]) == (422, "TOO_MANY_POINTS")
    assert "3,652 days" in answer.json()["detail"]
    assert served.get("/v1/subjects/anna/timeline?bin=1mo").status_code == 200
