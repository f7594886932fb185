"""Exports are the command's files byte for byte, sent some rows at a time, and a manifest says what each is made of."""

import hashlib
import io
import json
from pathlib import Path

import pytest

from api.routes import exports
from core.errors import StoreUnavailable
from tests.conftest import Run
from tests.integration.api.conftest import Served

NOT_THE_SAME = ("written_at", "command", "file")


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize(("kind", "options"), [("timeline", ("--bin", "2s")), ("frames", ())])
def test_a_file_is_the_commands_byte_for_byte(
    served: Served, store_url: str, moodline: Run, tmp_path: Path, kind, options, form
):
    out = tmp_path / "by_command"
    done = moodline(kind, "--media", served.media_id(), *options, "--format", form, "--out", out, "--db", store_url)
    assert done.returncode == 0, done.stderr
    query = "bin=2s&" if kind == "timeline" else ""
    path = f"/v1/media/{served.media_id()}/{kind}"
    answer = served.get(f"{path}.{form}?{query}")
    assert answer.content == out.read_bytes()
    name = f"{served.media_id()}.{kind}.{form}"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    manifest = served.get(f"{path}.manifest.json?{query}form={form}").json()
    by_command = json.loads(Path(f"{out}.manifest.json").read_text())
    assert manifest["file"] == by_command["file"] | {"name": name}
    assert manifest["file"]["sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert manifest["command"][0] == "GET"
    for document in (manifest, by_command):
        for name in NOT_THE_SAME:
            del document[name]
    assert manifest == by_command


def test_frames_are_read_a_short_transaction_at_a_time(served: Served, monkeypatch):
    path = f"/v1/media/{served.media_id()}/frames.jsonl"
    whole = served.get(path).text
    monkeypatch.setattr(exports, "_FRAMES_AT_ONCE", 3)
    assert served.get(path).text == whole
    assert len(list(io.StringIO(whole))) == 10


def test_frames_that_go_away_meanwhile_are_not_passed_over_in_silence(served: Served, monkeypatch):
    parts, job = served.app.state.parts, served.jobs["local"]
    monkeypatch.setattr(exports, "_FRAMES_AT_ONCE", 3)
    frames = exports._every_frame(parts, job)
    next(frames)
    monkeypatch.setattr(exports, "frames_page", lambda *_args, **_more: [])
    with pytest.raises(StoreUnavailable, match="3 of 10 frames"):
        list(frames)


def test_a_manifest_names_no_place_of_the_server(served: Served):
    text = served.get(f"/v1/media/{served.media_id()}/frames.manifest.json").text
    assert "/videos/" not in text
    assert str(served.settings.db_url) not in text
