"""Pictures are read and not kept; what is none is refused."""

import time

import pytest

from api.documents import examples
from api.gate import MAX_PICTURE_BYTES
from tests.factories import make_face_observation
from tests.integration.api.conftest import Served
from tests.integration.api.test_every_route import keys_of
from worker.pictures.reading import PicturesBusy

JPEG = b"\xff\xd8 the rest"


def test_the_faces_of_a_picture_are_told(served: Served):
    found = served.post("/v1/pictures?min_face=60", content=JPEG).json()
    assert [face["face_px"] for face in found["faces"]] == [make_face_observation().face_px]
    assert keys_of(found) == keys_of(examples.PICTURE)


def test_nothing_of_it_is_kept(served: Served):
    served.post("/v1/pictures", content=JPEG)
    assert not [path for path in served.settings.uploads.rglob("*") if path.is_file()]


def test_what_is_no_picture_is_refused_by_name(served: Served):
    answer = served.post("/v1/pictures", content=b"#EXTM3U\nfile:///etc/passwd")
    assert (answer.status_code, answer.json()["code"]) == (422, "INPUT_REFUSED")


def test_a_picture_that_says_it_is_too_large_is_not_read(served: Served):
    answer = served.post("/v1/pictures", content=b"x", headers={"Content-Length": str(MAX_PICTURE_BYTES + 1)})
    assert (answer.status_code, answer.json()["code"]) == (413, "BODY_TOO_LARGE")


def test_a_picture_without_a_length_is_not_read(served: Served):
    answer = served.post("/v1/pictures", content=iter([JPEG]))
    assert (answer.status_code, answer.json()["code"]) == (411, "LENGTH_REQUIRED")


def test_a_picture_that_is_longer_than_it_says_is_cut_short(served: Served, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.routes.pictures.MAX_PICTURE_BYTES", 5)
    answer = served.post("/v1/pictures", content=JPEG, headers={"Content-Length": "5"})
    assert (answer.status_code, answer.json()["code"]) == (413, "PICTURE_TOO_LARGE")


def test_a_picture_that_only_drips_is_not_waited_for(served: Served, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.files.bodies._IDLE_SECONDS", 0.1)

    def drip():
        for _ in range(20):
            time.sleep(0.02)
            yield b"x"

    answer = served.post("/v1/pictures", content=drip(), headers={"Content-Length": "20"})
    assert (answer.status_code, answer.json()["code"]) == (408, "UPLOAD_BROKEN_OFF")


def test_a_crowd_of_pictures_is_told_to_wait(served: Served, monkeypatch: pytest.MonkeyPatch):
    def busy(_content, *, min_face_px):
        raise PicturesBusy(f"{min_face_px} wait")

    monkeypatch.setattr(served.app.state.parts.pictures, "read", busy)
    answer = served.post("/v1/pictures", content=JPEG)
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (429, "PICTURES_BUSY", "1")
