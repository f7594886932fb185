"""Somebody is erased while a pool analyses them: nothing is left in store, Redis or files, and others keep all."""

import hashlib
import json
from pathlib import Path

from redis import Redis

from tests.conftest import Run
from tests.pool_runs import ring_three_times_in_any_order, rows_of, running_worker, wait_for_claim, wait_until
from tests.servers import KillableValkey
from worker.broker import KEY_PREFIX

STUDY = ("--purpose", "research", "--controller", "University of X", "--contact", "privacy@x.example")
CANARY = "canary-of-room-7"


def dump_of(valkey: KillableValkey) -> bytes:
    """What a copy of the server's memory would hold, uncompressed; none stays for the server to start with."""
    with Redis.from_url(valkey.url) as client:
        client.config_set("rdbcompression", "no")
        client.save()
        copy = Path(client.config_get("dir")["dir"]) / client.config_get("dbfilename")["dbfilename"]
    held = copy.read_bytes()
    copy.unlink()
    return held


def test_nothing_is_left_of_somebody_who_is_erased_during_a_running_job(
    moodline: Run, face_clip: Path, long_clip: Path, valkey: KillableValkey, tmp_path: Path, monkeypatch
):
    url = f"sqlite:///{tmp_path / 'rows.db'}"
    monkeypatch.setenv("MOODLINE_DB_URL", url)
    monkeypatch.setenv("MOODLINE_BROKER_URL", valkey.url)
    mine = tmp_path / "canary.mp4"
    mine.write_bytes(long_clip.read_bytes())
    assert moodline("study", "add", "moods", *STUDY).returncode == 0
    for subject in (CANARY, "ben"):
        assert moodline("subject", "add", subject, "--study", "moods", "--version", "1").returncode == 0
    assert moodline("analyze", face_clip, "--subject", "ben").returncode == 0
    before = rows_of(url, face_clip)
    named = ("--subject", CANARY, "--session", "canary-monday")
    submitted = moodline("submit", mine, "--fragments", *named, "--json")
    assert submitted.returncode == 0, submitted.stderr
    job = json.loads(submitted.stdout)
    sha256 = hashlib.sha256(mine.read_bytes()).hexdigest()
    traces = (CANARY, "canary-monday", "canary.mp4", sha256, job["media_id"], job["job_id"])
    assert job["media_id"].encode() in dump_of(valkey)  # what is searched for would be found
    with running_worker(url, valkey, tmp_path / "worker.log", slots=1) as worker:
        wait_for_claim(url)
        erased = moodline("subject", "erase", CANARY, "--yes", "--out", "certificate.json")
        assert erased.returncode == 0, erased.stderr
        # what the worker had taken already, it drops when it comes to it
        wait_until(lambda: job["job_id"].encode() not in dump_of(valkey), "no message is left")
        worker.terminate()
        wait_until(lambda: worker.poll() is not None, "the worker finishes what is in hand and stops")
    assert moodline("db", "compact").returncode == 0
    mine.unlink()  # the original: the certificate says that it is the owner's to remove
    places = {path.name: path.read_bytes() for path in tmp_path.glob("*") if path.is_file() and path.suffix != ".log"}
    assert {"rows.db", "certificate.json"} <= set(places)
    places["redis"] = dump_of(valkey)
    hits = [(place, trace) for place, content in places.items() for trace in traces if trace.encode() in content]
    assert hits == []
    assert rows_of(url, face_clip) == before
    assert moodline("audit", "verify").returncode == 0


def test_messages_that_no_worker_has_taken_go_too(
    moodline: Run, face_clip: Path, valkey: KillableValkey, tmp_path: Path, monkeypatch
):
    url = f"sqlite:///{tmp_path / 'rows.db'}"
    monkeypatch.setenv("MOODLINE_DB_URL", url)
    monkeypatch.setenv("MOODLINE_BROKER_URL", valkey.url)
    assert moodline("study", "add", "moods", *STUDY).returncode == 0
    assert moodline("subject", "add", CANARY, "--study", "moods", "--version", "1").returncode == 0
    job = json.loads(moodline("submit", face_clip, "--subject", CANARY, "--json").stdout)
    ring_three_times_in_any_order(url, valkey, seed=1)
    with Redis.from_url(valkey.url) as client:
        client.lpush(f"{KEY_PREFIX}archive", "somebody else's", '{"body": "e30="}')
    assert job["job_id"].encode() in dump_of(valkey)
    erased = moodline("subject", "erase", CANARY, "--yes")
    assert "3 messages" in json.loads(erased.stdout)["removed_elsewhere"]
    assert job["job_id"].encode() not in dump_of(valkey)
    assert b"somebody else's" in dump_of(valkey)
