"""Without tokens: this machine only, and no page of elsewhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import make_app
from api.parts import ApiSettings
from db.store import Store
from tests.integration.api.conftest import store_of_two_owners


@pytest.fixture
def client(store: Store, store_url: str, tmp_path: Path) -> Iterator[TestClient]:
    store_of_two_owners(store, tmp_path)
    app = make_app(ApiSettings(db_url=store_url, uploads=tmp_path / "uploads"))
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        yield client


def test_whoever_is_on_this_machine_is_the_local_owner(client: TestClient):
    assert len(client.get("/v1/jobs").json()["jobs"]) == 2


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000", "[::1]"])
def test_every_name_of_loopback_will_do(client: TestClient, host):
    assert client.get("/v1/jobs", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil", ""])
def test_a_name_of_elsewhere_that_points_here_is_refused(client: TestClient, host):
    answer = client.get("/v1/jobs", headers={"Host": host})
    assert (answer.status_code, answer.json()["code"]) == (403, "FOREIGN_HOST")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_page_of_another_origin_cannot_speak_for_the_user(client: TestClient, headers):
    answer = client.post("/v1/media", content=b"x", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "FOREIGN_ORIGIN")


def test_a_page_of_our_own_may_ask(client: TestClient):
    headers = {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}
    assert client.get("/v1/jobs", headers=headers).status_code == 200
