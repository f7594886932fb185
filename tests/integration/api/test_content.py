"""A media's file as a <video> asks for it: in ranges, with its type, and only while it is what was analysed."""

import os
from pathlib import Path

import pytest

from tests.clips import write_clip
from tests.factories import make_request
from tests.integration.api.conftest import CONTENT, Served
from tests.stored_generations import submit_generation


def ask(served: Served, owner: str = "local", media_id: str | None = None, method: str = "GET", **headers: str):
    path = f"/v1/media/{media_id or served.media_id(owner)}/content"
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return served.client.request(method, path, headers=served.headers(owner) | sent)


def file_of(served: Served) -> Path:
    [path] = (served.settings.uploads.parent / "videos").iterdir()
    return path


def test_the_whole_file_is_given_inline_with_its_type(served: Served):
    answer = ask(served)
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["cache-control"] == "private, max-age=3600"
    disposition = answer.headers["content-disposition"]
    assert disposition == "inline; filename*=utf-8''%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E.mp4"
    assert str(file_of(served).parent) not in str(answer.headers)


@pytest.mark.parametrize(
    ("asked", "start", "end"), [("bytes=0-99", 0, 100), ("bytes=100-", 100, None), ("bytes=-7", -7, None)]
)
def test_a_range_is_given_as_asked(served: Served, asked, start, end):
    answer = ask(served, Range=asked)
    assert (answer.status_code, answer.content) == (206, CONTENT[start:end])
    first = start % len(CONTENT)
    assert answer.headers["content-range"] == f"bytes {first}-{first + len(answer.content) - 1}/{len(CONTENT)}"


def test_a_range_beyond_the_file_is_a_problem_that_names_its_size(served: Served):
    answer = ask(served, Range="bytes=99999-")
    assert (answer.status_code, answer.json()["code"]) == (416, "RANGE_BEYOND")
    assert answer.headers["content-range"] == f"bytes */{len(CONTENT)}"


def test_a_range_of_another_file_gets_the_whole_of_this_one(served: Served):
    etag = ask(served).headers["etag"]
    assert ask(served, Range="bytes=0-9", If_Range=etag).status_code == 206
    assert ask(served, Range="bytes=0-9", If_Range='"other"').status_code == 200


def test_who_has_the_file_already_is_not_sent_it_again(served: Served):
    answer = ask(served, If_None_Match=ask(served).headers["etag"])
    assert (answer.status_code, answer.content) == (304, b"")


def test_head_tells_what_get_would_and_sends_nothing(served: Served):
    told, given = ask(served, method="HEAD"), ask(served)
    assert told.content == b""
    for name in ("content-length", "content-type", "etag", "content-disposition", "accept-ranges"):
        assert told.headers[name] == given.headers[name]


def test_a_file_that_was_changed_or_is_gone_is_not_given(served: Served):
    path = file_of(served)
    path.write_bytes(CONTENT[:-1] + b"!")
    assert (ask(served).status_code, ask(served).json()["code"]) == (410, "SOURCE_GONE")
    path.write_bytes(CONTENT)  # the same again, later: told by its content
    os.utime(path, (1, 1))
    assert ask(served).content == CONTENT
    path.unlink()
    answer = ask(served)
    assert (answer.status_code, answer.json()["code"]) == (410, "SOURCE_GONE")
    assert str(path.parent) not in answer.text


def test_whoever_is_not_local_gets_what_it_uploaded_and_nothing_else(served: Served, tmp_path: Path):
    assert ask(served, "bob", served.media_id("local")).status_code == 404
    assert ask(served, "bob").json()["code"] == "SOURCE_GONE"  # its job's file was never uploaded by it
    clip = write_clip(tmp_path / "clip.mp4").read_bytes()
    media_id = served.post("/v1/media", "bob", params={"name": 'a"\r\nb.mp4'}, content=clip).json()["media_id"]
    answer = ask(served, "bob", media_id)
    assert answer.content == clip
    assert answer.headers["content-disposition"] == "inline; filename*=utf-8''a%22b.mp4"
    assert ask(served, "local", media_id).json()["code"] == "NO_SUCH_MEDIA"


def test_a_file_that_commands_analysed_is_for_local_alone_also_where_another_has_a_job_of_the_same_bytes(
    served: Served,
):
    path = file_of(served)
    request = make_request("same", owner="bob", path=str(path), content=CONTENT, modified_ns=path.stat().st_mtime_ns)
    submit_generation(served.app.state.parts.store, request)
    answer = ask(served, "bob", served.media_id("local"))
    assert (answer.status_code, answer.json()["code"]) == (410, "SOURCE_GONE")
