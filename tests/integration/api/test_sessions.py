"""A browser's token lies in a cookie: no script reads it, no other site can use it."""

import pytest

from api.gate import SESSION_COOKIE
from tests.integration.api.conftest import Served

OURS = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def session(served: Served) -> Served:
    assert served.post("/v1/session").status_code == 204
    return served


def test_the_cookie_is_for_this_server_alone(served: Served):
    cookie = served.post("/v1/session").headers["set-cookie"].lower()
    assert served.tokens["local"].lower() in cookie
    assert {"httponly", "samesite=strict", "path=/"} <= {part.strip() for part in cookie.split(";")}


def test_a_page_reads_with_the_cookie_alone(session: Served):
    assert session.client.get("/v1/jobs").json()["jobs"]


def test_a_page_of_ours_writes_with_it(session: Served):
    answer = session.client.post(f"/v1/jobs/{session.open_job.id}/pause", headers=OURS)
    assert answer.json()["is_paused"]


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_a_page_of_another_site_cannot_write_with_it(session: Served, headers):
    answer = session.client.post(f"/v1/jobs/{session.open_job.id}/cancel", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "FOREIGN_ORIGIN")


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-site"}, {"Origin": "http://other.testserver"}])
def test_a_page_of_a_neighbour_cannot_read_with_it(session: Served, headers):
    """A server under the same domain is the same site to a browser, which sends it the cookie along."""
    answer = session.client.get("/v1/subjects/anna/timeline", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "FOREIGN_ORIGIN")


def test_whoever_may_only_read_may_have_a_session(served: Served):
    assert served.post("/v1/session", "reader").status_code == 204
    assert served.client.get("/v1/jobs").status_code == 200
    assert served.client.post("/v1/jobs", json={}, headers=OURS).json()["code"] == "SCOPE_MISSING"


def test_an_ended_session_is_nobodys(session: Served):
    assert session.client.delete("/v1/session", headers=OURS).status_code == 204
    assert session.client.get("/v1/jobs").status_code == 401


@pytest.mark.parametrize("cookie", [f"{SESSION_COOKIE}=wrong", f"{SESSION_COOKIE}=", "\x01=;;", "x" * 4000])
def test_a_made_up_cookie_is_nobodys(served: Served, cookie):
    assert served.client.get("/v1/jobs", headers={"Cookie": cookie}).status_code == 401


def test_a_cookie_is_no_token_to_make_a_session_of(session: Served):
    answer = session.client.post("/v1/session", headers=OURS)
    assert (answer.status_code, answer.json()["code"]) == (422, "NO_TOKEN")
