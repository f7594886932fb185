"""Who may ask what, route by route, as the OpenAPI lists them: no route is left out."""

import re

import pytest

from api.documents import examples
from api.gate import OPEN_PATHS, SESSION_PATH
from api.problems import MEDIA_TYPE
from api.reference import PAGE, described, reference
from tests.integration.api.conftest import Served

OPENAPI = described()
ROUTES = [(method.upper(), path) for path, methods in OPENAPI["paths"].items() for method in methods]
GUARDED = [route for route in ROUTES if route[1] not in OPEN_PATHS]


def address(served: Served, path: str) -> str:
    """Fill in ids of what is local's."""
    job_id = served.open_job.id if path.endswith(("cancel", "pause", "resume")) else served.jobs["local"].id
    upload_id = served.app.state.parts.resumable.create("local", "clip.mp4", 5, None).id if "upload_id" in path else ""
    ids = {
        "upload_id": upload_id,
        "media_id": served.media_id(),
        "job_id": job_id,
        "subject_id": "anna",
        "form": "csv",
        "name": "small",
    }
    return re.sub(r"\{(\w+)\}", lambda match: ids[match[1]], path)


def body_for(method: str, path: str, served: Served):
    """What a request needs besides its address."""
    study = {"id": "more", "purpose": "research", "controller": "X", "contact": "x@x.example"}
    bodies = {
        ("POST", "/v1/jobs"): {"json": {"media_id": served.media_id()}},
        ("POST", "/v1/subjects"): {"json": {"subject_id": "zoe", "study_id": "moods", "version": "1"}},
        ("POST", "/v1/subjects/{subject_id}/consents"): {"json": {"version": "2"}},
        ("DELETE", "/v1/subjects/{subject_id}"): {"params": {"confirm": "anna"}},
        ("POST", "/v1/studies"): {"json": study},
        ("GET", "/v1/generations/diff"): {"params": {"from": served.jobs["local"].id, "to": served.jobs["local"].id}},
        ("POST", "/v1/generations/activate"): {"json": {"job_id": served.jobs["local"].id}},
        ("POST", "/v1/media/{media_id}/tracks/merge"): {"json": {"tracks": [1, 2]}},
        ("POST", "/v1/media/{media_id}/tracks/split"): {"json": {"track": 1}},
        ("POST", "/v1/media/{media_id}/tracks/assign"): {"json": {"tracks": [1]}},
        ("POST", "/v1/reprocess"): {"json": {"model": "small", "all": True, "dry_run": True}},
    }
    return bodies.get((method, path), {})


def ask(served: Served, method: str, path: str, headers):
    return served.client.request(method, address(served, path), headers=headers, **body_for(method, path, served))


def assert_problem(answer, status: int, code: str) -> None:
    """An answer to HEAD has no body that could tell a code."""
    assert answer.status_code == status, answer.text
    assert answer.request.method == "HEAD" or answer.json()["code"].startswith(code)


def test_the_table_is_not_empty():
    assert len(GUARDED) > 12


def test_nothing_is_open_but_what_tells_nothing_of_anybody():
    """What is open is left out of the tables below: nobody may open a route by adding it to a list."""
    assert set(OPEN_PATHS) == {"/v1/health", "/v1/ready", "/v1/openapi.json"}


@pytest.mark.parametrize(("method", "path"), GUARDED)
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer moodline_wrong"}, {"Authorization": "Basic Og=="}])
def test_nobody_without_a_token_is_told_anything(served: Served, method, path, headers):
    answer = ask(served, method, path, headers)
    assert_problem(answer, 401, "UNAUTHENTICATED")
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("method", "path"), [route for route in GUARDED if "{" in route[1] and "{name}" not in route[1]]
)
def test_what_is_anothers_is_not_there(served: Served, method, path):
    answer = ask(served, method, path, served.headers("bob"))
    assert_problem(answer, 404, "NO_SUCH_")


#: Without an id, and yet for every owner: what is nobody's, lists of one's own, what one gives oneself.
FOR_ALL = {
    *(("GET", f"/v1/{name}") for name in ("media", "jobs", "subjects", "queue", "metrics", "models")),
    *(("POST", f"/v1/{name}") for name in ("media", "jobs", "uploads", "pictures", "session")),
    ("DELETE", "/v1/session"),
    ("OPTIONS", "/v1/uploads"),
}


@pytest.mark.parametrize(
    ("method", "path"), [route for route in GUARDED if "{" not in route[1] and route not in FOR_ALL]
)
def test_what_concerns_the_whole_archive_is_for_local_alone(served: Served, method, path):
    answer = ask(served, method, path, served.headers("bob"))
    assert (answer.status_code, answer.json()["code"]) == (403, "LOCAL_ONLY")


def test_every_route_for_all_is_there():
    assert set(GUARDED) | {("POST", "/v1/session"), ("DELETE", "/v1/session")} >= FOR_ALL


def test_a_job_cannot_be_asked_of_anothers_media(served: Served):
    answer = served.post("/v1/jobs", "bob", json={"media_id": served.media_id("local")})
    assert (answer.status_code, answer.json()["code"]) == (404, "NO_SUCH_MEDIA")


@pytest.mark.parametrize(("path", "key"), [("/v1/media", "media"), ("/v1/jobs", "jobs"), ("/v1/subjects", "subjects")])
def test_a_list_holds_only_what_is_the_callers(served: Served, path, key):
    text = str(served.get(path, "bob").json()[key])
    assert served.media_id("local") not in text
    assert served.jobs["local"].id not in text
    assert "anna" not in text
    assert served.get(path, "local").json()[key]


@pytest.mark.parametrize(("method", "path"), [route for route in GUARDED if route[1] != SESSION_PATH])
def test_a_token_without_the_scope_is_refused(served: Served, method, path):
    is_reading = method in ("GET", "HEAD") and not path.startswith("/v1/uploads")
    holder = "writer" if is_reading else "reader"
    answer = ask(served, method, path, served.headers(holder))
    assert_problem(answer, 403, "SCOPE_MISSING")


@pytest.mark.parametrize(("method", "path"), [route for route in GUARDED if route[0] == "GET"])
def test_who_may_read_is_answered(served: Served, method, path):
    answer = ask(served, method, path, served.headers("reader"))
    assert answer.status_code == 200, answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_health_and_readiness_are_open(served: Served):
    assert served.client.get("/v1/health").json() == {"status": "ok"}
    assert served.client.get("/v1/ready").json() == {"status": "ready"}


def test_every_route_names_the_statuses_that_it_may_answer_with():
    for method, path in GUARDED:
        said = set(OPENAPI["paths"][path][method.lower()]["responses"])
        assert {"401", "403", "404", "422", "503"} <= said, path


@pytest.mark.parametrize(
    ("path", "example"),
    [
        ("/v1/media", {"media": [examples.MEDIA], "next_cursor": None}),
        ("/v1/media/{media_id}", examples.MEDIA),
        ("/v1/media/{media_id}/timeline", examples.TIMELINE),
        ("/v1/media/{media_id}/frames", examples.FRAMES),
        ("/v1/jobs", {"jobs": [examples.JOB], "next_cursor": None}),
        ("/v1/jobs/{job_id}", examples.JOB),
        ("/v1/subjects", {"subjects": [examples.SUBJECT], "next_cursor": None}),
        ("/v1/subjects/{subject_id}", examples.SUBJECT),
    ],
)
def test_an_example_is_like_the_answer(served: Served, path, example):
    assert OPENAPI["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["example"]
    answer = ask(served, "GET", path, served.headers()).json()
    assert keys_of(answer) == keys_of(example)


def keys_of(document):
    """The names in a document, of lists those of the first; without those that are there only at times."""
    if isinstance(document, list):
        return keys_of(document[0]) if document else None
    if isinstance(document, dict):
        return {
            name: keys_of(value) for name, value in document.items() if name not in ("num_chunks_by_error", "landmarks")
        }
    return None


def test_the_page_is_made_of_the_routes_as_they_are():
    assert PAGE.read_text(encoding="utf-8") == reference(OPENAPI), "run `python -m api.reference`"
