"""An upload in pieces is the file, wherever it was cut; it is refused, held, removed and forgotten by its rules."""

import asyncio
import base64
import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.files import tus
from api.files.kept_files import folder_of
from api.files.resumable import EXPIRY_SECONDS
from tests.clips import write_clip
from tests.integration.api.conftest import Served

VERSION = {"Tus-Resumable": "1.0.0"}


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write_clip(tmp_path_factory.mktemp("upload") / "clip.mp4").read_bytes()


def call(served: Served, method: str, path: str, owner: str = "bob", content=None, **headers: str):
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return served.client.request(method, path, content=content, headers=served.headers(owner) | VERSION | sent)


def begin(served: Served, num_bytes: int, name: str = "clip.mp4", owner: str = "bob"):
    metadata = f"filename {base64.b64encode(name.encode()).decode()},filetype dmlkZW8vbXA0"
    return call(served, "POST", "/v1/uploads", owner, Upload_Length=str(num_bytes), Upload_Metadata=metadata)


def add(served: Served, path: str, content, offset: int, owner: str = "bob", **more: str):
    headers = {"Upload_Offset": str(offset), "Content_Type": tus.MEDIA_TYPE} | more
    return call(served, "PATCH", path, owner, content, **headers)


def add_and_go(served: Served, path: str, content: bytes, offset: int) -> None:
    """Send some bytes of a longer body, and be gone."""
    headers = served.headers("bob") | VERSION | {"Upload-Offset": str(offset), "Content-Type": tus.MEDIA_TYPE}
    messages = [{"type": "http.request", "body": content, "more_body": True}, {"type": "http.disconnect"}]

    async def receive():
        return messages.pop(0) if len(messages) > 1 else messages[0]

    async def send(_message) -> None:
        """Nobody is there any more."""

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "PATCH",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    asyncio.run(served.app(scope, receive, send))


def files_of(served: Served) -> list[Path]:
    return [path for path in served.settings.uploads.rglob("*") if path.is_file()]


def test_an_upload_in_two_pieces_is_the_media(served: Served, clip: bytes):
    begun = begin(served, len(clip))
    assert (begun.status_code, begun.headers["tus-resumable"]) == (201, "1.0.0")
    path = begun.headers["location"]
    first = add(served, path, clip[:1000], 0)
    assert (first.status_code, first.headers["upload-offset"]) == (204, "1000")
    assert "moodline-media-id" not in first.headers
    told = call(served, "HEAD", path)
    assert (told.headers["upload-offset"], told.headers["upload-length"]) == ("1000", str(len(clip)))
    assert told.headers["upload-metadata"].startswith("filename ")
    last = add(served, path, clip[1000:], 1000)
    assert last.status_code == 204, last.text
    media = served.get(f"/v1/media/{last.headers['moodline-media-id']}", "bob").json()
    assert (media["name"], media["size_bytes"]) == ("clip.mp4", len(clip))
    [kept] = folder_of(served.settings.uploads, "bob").glob("*.mp4")
    assert kept.read_bytes() == clip
    assert kept.stat().st_mode & 0o777 == 0o444


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_wherever_the_line_breaks_the_file_comes_whole(served: Served, clip: bytes, data: st.DataObject):
    path = begin(served, len(clip)).headers["location"]
    media_id = None
    while media_id is None:
        offset = int(call(served, "HEAD", path).headers["upload-offset"])
        left = len(clip) - offset
        num_bytes = data.draw(st.integers(min(left, 100), left))
        if data.draw(st.booleans()):
            media_id = add(served, path, clip[offset : offset + num_bytes], offset).headers.get("moodline-media-id")
        else:
            add_and_go(served, path, clip[offset : offset + num_bytes], offset)
            told = call(served, "HEAD", path)
            assert int(told.headers["upload-offset"]) == offset + num_bytes  # what came of it stays
            media_id = told.headers.get("moodline-media-id")
    [kept] = folder_of(served.settings.uploads, "bob").glob("*.mp4")
    assert kept.read_bytes() == clip


def test_a_lost_last_answer_can_be_asked_for(served: Served, clip: bytes):
    path = begin(served, len(clip)).headers["location"]
    media_id = add(served, path, clip, 0).headers["moodline-media-id"]
    told = call(served, "HEAD", path)
    assert (told.headers["upload-offset"], told.headers["moodline-media-id"]) == (str(len(clip)), media_id)
    again = add(served, path, b"", len(clip))
    assert (again.status_code, again.headers["moodline-media-id"]) == (204, media_id)
    assert not [path for path in files_of(served) if path.name in ("video.mp4", "about.json")]


def test_what_came_whole_but_was_not_probed_is_kept_when_it_is_asked_for(served: Served, clip: bytes):
    path = begin(served, len(clip)).headers["location"]
    parts = served.app.state.parts
    piece = parts.resumable.hold("bob", path.rpartition("/")[2])
    parts.resumable.write(piece, clip)
    parts.resumable.free(piece)  # as if the server was killed here
    assert call(served, "HEAD", path).headers["moodline-media-id"]


def test_two_do_not_add_at_once(served: Served, clip: bytes):
    path = begin(served, len(clip)).headers["location"]
    resumable = served.app.state.parts.resumable
    piece = resumable.hold("bob", path.rpartition("/")[2])
    for answer in (add(served, path, clip, 0), call(served, "DELETE", path)):
        assert (answer.status_code, answer.json()["code"]) == (423, "UPLOAD_HELD")
    resumable.free(piece)
    assert add(served, path, clip, 0).status_code == 204


def test_bytes_go_where_the_upload_ends_and_nowhere_else(served: Served, clip: bytes):
    path = begin(served, len(clip)).headers["location"]
    add(served, path, clip[:10], 0)
    for offset in (0, 9, 11):
        answer = add(served, path, b"xx", offset)
        assert (answer.status_code, answer.json()["code"]) == (409, "OFFSET_MISMATCH")
    answer = add(served, path, clip, 10)
    assert (answer.status_code, answer.json()["code"]) == (413, "UPLOAD_TOO_LONG")
    answer = add(served, path, iter([clip]), 10)  # does not say how much it is
    assert (answer.status_code, answer.json()["code"]) == (413, "UPLOAD_TOO_LONG")
    assert call(served, "HEAD", path).headers["upload-offset"] == "10"


@pytest.mark.parametrize(
    ("name", "content"),
    [("list.mp4", b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n"), ("page.mp4", b"<html>"), ("noise.mp4", bytes(5000))],
)
def test_what_is_no_video_is_refused_at_its_last_byte_and_nothing_stays(served: Served, name, content):
    path = begin(served, len(content), name).headers["location"]
    answer = add(served, path, content, 0)
    assert (answer.status_code, answer.json()["code"]) == (422, "NOT_A_USABLE_VIDEO")
    assert name in answer.json()["detail"]
    assert str(served.settings.uploads) not in answer.text
    assert files_of(served) == []
    assert call(served, "HEAD", path).status_code == 404


def test_what_is_given_up_is_removed_and_anothers_is_not_there(served: Served, clip: bytes):
    path = begin(served, len(clip)).headers["location"]
    for method in ("HEAD", "PATCH", "DELETE"):
        assert call(served, method, path, "local").status_code == 404
    assert call(served, "DELETE", path).status_code == 204
    assert files_of(served) == []
    assert call(served, "HEAD", path).status_code == 404


def test_what_nobody_goes_on_with_is_removed_after_a_day(served: Served, clip: bytes):
    path = begin(served, len(clip)).headers["location"]
    folder = served.app.state.parts.resumable.find("bob", path.rpartition("/")[2]).folder
    for each in (*folder.iterdir(), folder):
        os.utime(each, (0, time.time() - EXPIRY_SECONDS - 10))
    assert call(served, "HEAD", path).status_code == 404
    begin(served, len(clip))
    assert not folder.exists()


def test_what_is_promised_counts_for_the_quota(served: Served):
    assert begin(served, 200_001).json()["code"] == "FILE_TOO_LARGE"
    assert begin(served, 190_000).status_code == 201
    assert begin(served, 190_000).json()["code"] == "QUOTA_USED_UP"
    assert begin(served, 190_000, owner="local").status_code == 201


def test_a_full_disk_is_said_and_what_came_stays(served: Served, clip: bytes, monkeypatch):
    path = begin(served, len(clip)).headers["location"]
    add(served, path, clip[:10], 0)
    with monkeypatch.context() as patch:
        patch.setattr("api.files.uploads.shutil.disk_usage", lambda _path: type("Usage", (), {"free": 0}))
        assert add(served, path, clip[10:], 10).json()["code"] == "DISK_FULL"
        assert begin(served, 10).json()["code"] == "DISK_FULL"
    assert add(served, path, clip[10:], 10).status_code == 204


def test_no_more_come_in_at_once_than_may(served: Served, clip: bytes):
    path = begin(served, len(clip)).headers["location"]
    uploads = served.app.state.parts.uploads
    for _ in range(2):
        uploads.take_place()
    answer = add(served, path, clip, 0)
    assert (answer.status_code, answer.json()["code"]) == (429, "TOO_MANY_UPLOADS")
    for _ in range(2):
        uploads.free_place()
    assert add(served, path, clip, 0).status_code == 204


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("POST", {"Tus_Resumable": "0.2.1", "Upload_Length": "5"}, 412),
        ("POST", {}, 400),
        ("POST", {"Upload_Length": "-5"}, 400),
        ("POST", {"Upload_Length": "٣"}, 400),
        ("POST", {"Upload_Length": "9" * 40}, 400),
        ("POST", {"Upload_Length": "0"}, 422),
        ("POST", {"Upload_Length": "5", "Upload_Metadata": "filename ???"}, 400),
        ("PATCH", {"Upload_Offset": "0"}, 415),
        ("PATCH", {"Content_Type": tus.MEDIA_TYPE}, 400),
        ("PATCH", {"Tus_Resumable": "2.0.0"}, 412),
        ("HEAD", {"Tus_Resumable": "2.0.0"}, 412),
        ("DELETE", {"Tus_Resumable": "2.0.0"}, 412),
    ],
)
def test_what_tus_does_not_say_is_refused(served: Served, method, headers, status):
    path = "/v1/uploads" if method == "POST" else begin(served, 5).headers["location"]
    sent = {name: value.encode() for name, value in headers.items()}
    answer = call(served, method, path, **sent)
    assert answer.status_code == status


def test_the_server_tells_what_it_knows_of_tus(served: Served):
    answer = call(served, "OPTIONS", "/v1/uploads")
    assert (answer.status_code, answer.headers["tus-version"]) == (204, "1.0.0")
    assert answer.headers["tus-extension"] == "creation,termination,expiration"
    assert answer.headers["tus-max-size"] == "200000"


@pytest.mark.parametrize("name", ["../../../etc/x.mp4", "a\0b.mp4", "x.html", ""])
def test_a_name_is_for_people_and_never_a_path(served: Served, clip: bytes, name):
    path = begin(served, len(clip), name).headers["location"]
    assert add(served, path, clip, 0).status_code == 204
    assert all(path.is_relative_to(served.settings.uploads) for path in files_of(served))
    assert not [path for path in files_of(served) if path.suffix == ".html"]


def test_who_may_only_write_can_resume_and_who_may_only_read_cannot(served: Served, clip: bytes):
    path = begin(served, len(clip), owner="writer").headers["location"]
    assert add(served, path, clip[:5], 0, "writer").status_code == 204
    assert call(served, "HEAD", path, "writer").headers["upload-offset"] == "5"
    assert call(served, "HEAD", path, "reader").status_code == 403
