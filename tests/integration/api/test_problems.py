"""Whatever goes wrong leaves as one problem, and tells nothing of the inside."""

from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from api.paging import cursor_of, place_cursor
from api.problems import MEDIA_TYPE
from api.routes import media as media_routes
from core.errors import EnvironmentFault, InputError, StoreUnavailable
from tests.integration.api.conftest import Served

SECRET = "postgresql://me:S3cret@db/moods"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (InputError("--bin x: wrong"), 422, "INPUT_REFUSED"),
        (EnvironmentFault(f"{SECRET} is gone"), 503, "ENVIRONMENT_FAULT"),
        (StoreUnavailable(f"{SECRET} is busy"), 503, "STORE_UNAVAILABLE"),
        (RuntimeError(SECRET), 500, "INTERNAL"),
    ],
)
def test_each_error_has_its_status_and_code(served: Served, monkeypatch, error, status, code):
    def fail(*_args, **_more):
        raise error

    monkeypatch.setattr(media_routes, "own_media_page", fail)
    answer = served.get("/v1/media")
    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (status, code, status)
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert "S3cret" not in answer.text
    assert "Traceback" not in answer.text
    assert ("retry-after" in answer.headers) == (status == 503)


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/v1/nothing", 404), ("DELETE", "/v1/jobs", 405)])
def test_what_is_not_there_is_a_problem_too(served: Served, method, path, status):
    answer = served.client.request(method, path, headers=served.headers())
    assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE)


SQL = ("' OR '1'='1", "x'; DROP TABLE job;--", "x' UNION SELECT digest FROM audit--", "\\'", '" OR ""="', "%")


@pytest.mark.parametrize("word", SQL)
def test_a_word_of_sql_is_a_word(served: Served, word: str):
    asked = quote(word)
    answers = [
        served.get(f"/v1/subjects/{asked}"),
        served.get(f"/v1/subjects/{asked}/timeline"),
        served.get(f"/v1/subjects/anna/timeline?condition={asked}"),
        served.get(f"/v1/jobs?state={asked}"),
        served.get(f"/v1/jobs?cursor={place_cursor(datetime.now(UTC), word)}"),
        served.get(f"/v1/generations?media_id={asked}"),
        served.get(f"/v1/generations/diff?from={asked}&to={asked}"),
        served.post("/v1/reprocess", json={"model": "small", "subject": word, "dry_run": True}),
        served.post("/v1/reprocess", json={"model": "small", "path": word, "dry_run": True}),
    ]
    assert {answer.status_code for answer in answers} <= {200, 404, 422}
    assert [answer.status_code for answer in answers[:4]] == [404, 404, 422, 422]
    assert len(served.get("/v1/jobs").json()["jobs"]) == 2


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v1/media/{media}/timeline?from=0&until=315576000", "RANGE_TOO_LARGE"),
        ("/v1/media/{media}/timeline?from=5&until=5", "RANGE_EMPTY"),
        ("/v1/media/{media}/timeline?from=nan", "INVALID_REQUEST"),
        ("/v1/media/{media}/timeline?bin=1e300s", "BIN_TOO_WIDE"),
        ("/v1/media/{media}/timeline?bin=fortnight", "INPUT_REFUSED"),
        ("/v1/media/{media}/timeline?bin=whole&from=1", "RANGE_OF_WHOLE"),
        ("/v1/media/{media}/timeline?cursor=AAAA", "CURSOR_UNKNOWN"),
        ("/v1/media/{media}/timeline?limit=100000", "INVALID_REQUEST"),
        ("/v1/media/{media}/frames?cursor=%00", "CURSOR_UNKNOWN"),
        ("/v1/media/..%2f..%2fetc", "INVALID_REQUEST"),
        ("/v1/media?cursor=bm90", "CURSOR_UNKNOWN"),
        ("/v1/subjects/anna/timeline?zone=Mars", "INPUT_REFUSED"),
        ("/v1/subjects/anna/timeline?zone=../../etc/passwd", "INVALID_REQUEST"),
        ("/v1/subjects/anna/timeline?baseline=newest", "INPUT_REFUSED"),
    ],
)
def test_a_wrong_question_is_refused_by_name(served: Served, path, code):
    answer = served.get(path.format(media=served.media_id()))
    assert answer.json().get("code") == code or answer.status_code == 404
    assert answer.status_code in (404, 422)
    assert answer.headers["content-type"] == MEDIA_TYPE


def test_a_cursor_of_other_values_is_refused(served: Served):
    path = f"/v1/media/{served.media_id()}/frames?cursor={cursor_of('1 OR 1=1')}"
    assert (served.get(path).status_code, served.get(path).json()["code"]) == (422, "CURSOR_UNKNOWN")


@pytest.mark.parametrize("path", ["/v1/media", "/v1/jobs", "/v1/subjects"])
def test_no_page_is_longer_than_a_thousand(served: Served, path: str):
    assert served.get(f"{path}?limit=1000").status_code == 200
    assert served.get(f"{path}?limit=1001").json()["code"] == "INVALID_REQUEST"
