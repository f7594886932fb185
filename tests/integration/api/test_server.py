"""The real server: a video goes in, a timeline comes out; killed, it goes on; stopped, nothing is left behind."""

import hashlib
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Run, children_of
from tests.integration.api.servers import Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    found = Server(folder=tmp_path).start()
    yield found
    if found.process is not None and found.process.poll() is None:
        found.kill()


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until_gone(pids: list[int]) -> list[int]:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and any(map(is_alive, pids)):
        time.sleep(0.1)
    return [pid for pid in pids if is_alive(pid)]


def test_a_video_becomes_a_timeline(server: Server, face_clip: Path, moodline: Run):
    job = server.submit(face_clip)
    assert job["state"] in ("pending", "running")
    status, events = server.ask("GET", f"/v1/jobs/{job['job_id']}/events")
    assert status == 200
    assert events.decode().rstrip().split("\n\n")[-1].startswith("event: over\n")
    done = server.json("GET", f"/v1/jobs/{job['job_id']}")
    assert (done["state"], done["num_frames"], done["num_face_frames"]) == ("done", 36, 24)
    timeline = server.json("GET", f"/v1/media/{job['media_id']}/timeline?bin=1s")
    assert [point["top"] for point in timeline["points"]] == ["happy", None, "happy"]
    _, table = server.ask("GET", f"/v1/media/{job['media_id']}/timeline.csv?bin=1s")
    by_command = moodline("timeline", "--media", job["media_id"], "--bin", "1s", "--format", "csv")
    assert by_command.stdout == table.decode()
    assert server.json("GET", "/v1/queue")["worked_by"] == "runner"


def test_it_stops_in_order_and_leaves_no_process(server: Server):
    assert server.process is not None
    pids = children_of(server.process.pid)
    assert len(pids) == 1
    assert server.kill(signal.SIGINT) in (0, 130)
    assert wait_until_gone(pids) == []


def test_killed_during_an_analysis_it_goes_on_and_nothing_is_lost_or_doubled(
    server: Server, long_clip: Path, moodline: Run, tmp_path: Path
):
    job = server.submit(long_clip)
    server.wait(job["job_id"], lambda job: job["num_chunks_by_state"]["done"] >= 1)
    assert server.process is not None
    pids = children_of(server.process.pid)
    server.kill()
    assert wait_until_gone(pids) == []
    done = server.start().wait(job["job_id"], lambda job: job["finished_at"] is not None)
    assert (done["state"], done["num_frames"]) == ("done", 1300)
    other = f"sqlite:///{tmp_path / 'undisturbed.db'}"
    assert moodline("analyze", long_clip, "--db", other, "--json").returncode == 0
    undisturbed = moodline("frames", "--media", long_clip, "--db", other, "--format", "csv").stdout
    assert moodline("frames", "--media", job["media_id"], "--format", "csv").stdout == undisturbed


def test_killed_during_an_upload_nothing_is_kept(server: Server, face_clip: Path, tmp_path: Path):
    content = face_clip.read_bytes()
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        head = f"POST /v1/media?name=x.mp4 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(content)}\r\n\r\n"
        line.sendall(head.encode() + content[: len(content) // 2])
        time.sleep(1.0)
        server.kill()
    assert server.start().json("GET", "/v1/media")["media"] == []
    assert not (tmp_path / "uploads" / "kept").exists()
    assert server.submit(face_clip)["state"] in ("pending", "running", "done")


def test_an_upload_in_pieces_goes_on_after_the_server_was_killed(server: Server, face_clip: Path, tmp_path: Path):
    content = face_clip.read_bytes()
    half = len(content) // 2
    path = server.begin_upload("x.mp4", len(content))
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        head = [
            f"PATCH {path} HTTP/1.1",
            "Host: 127.0.0.1",
            "Tus-Resumable: 1.0.0",
            "Upload-Offset: 0",
            "Content-Type: application/offset+octet-stream",
            f"Content-Length: {len(content)}",
        ]
        line.sendall("\r\n".join([*head, "", ""]).encode() + content[:half])
        time.sleep(1.0)
        assert server.add_to_upload(path, content, 0)[0] == 423  # two do not add at once
        server.kill()
    server.start()
    offset = int(server.tell_of_upload(path)["Upload-Offset"])
    assert 0 <= offset <= half
    status, headers = server.add_to_upload(path, content[offset : half + 10], offset)
    assert (status, headers["Upload-Offset"]) == (204, str(half + 10))
    server.kill()
    server.start()
    assert server.tell_of_upload(path)["Upload-Offset"] == str(half + 10)
    status, headers = server.add_to_upload(path, content[half + 10 :], half + 10)
    assert status == 204
    media = server.json("GET", f"/v1/media/{headers['Moodline-Media-Id']}")
    assert media["sha256"] == hashlib.sha256(content).hexdigest()
    status, given = server.ask("GET", f"/v1/media/{media['media_id']}/content", Range="bytes=10-19")
    assert (status, given) == (206, content[10:20])
    [kept] = (tmp_path / "uploads" / "kept").rglob("*.mp4")
    assert kept.read_bytes() == content


def test_a_runner_that_dies_is_started_again(server: Server, face_clip: Path):
    assert server.process is not None
    [pid] = children_of(server.process.pid)
    os.kill(pid, signal.SIGKILL)
    job = server.submit(face_clip)
    assert server.wait(job["job_id"], lambda job: job["finished_at"] is not None)["state"] == "done"


def test_beyond_loopback_only_who_has_a_token_is_answered(tmp_path: Path, moodline: Run):
    token = moodline("token", "add", "local", "--scope", "read").stdout.strip()
    options = ("--host", "0.0.0.0", "--token-file", "tokens.json", "--no-runner")
    server = Server(folder=tmp_path, options=options).start()
    try:
        assert server.ask("GET", "/v1/jobs")[0] == 401
        assert server.ask("GET", "/v1/jobs", Authorization=f"Bearer {token}")[0] == 200
        assert token not in (tmp_path / "serve.log").read_text()
    finally:
        server.kill()
