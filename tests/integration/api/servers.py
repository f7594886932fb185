"""`moodline serve` as a process on a free port, and a client of it."""

import base64
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conftest import MOODLINE

TUS = {"Tus-Resumable": "1.0.0"}


@dataclass(kw_only=True)
class Server:
    """A server in a folder of its own."""

    folder: Path
    options: tuple[str, ...] = ()
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = field(default=None)

    def start(self, port: int | None = None) -> "Server":
        """Start on a free port, or on the one that clients know already."""
        self.port = port or _free_port()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MOODLINE_")}
        self.process = subprocess.Popen(
            [MOODLINE, "serve", "--port", str(self.port), *self.options],
            cwd=self.folder,
            env=environment,
            stderr=(self.folder / "serve.log").open("ab"),
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            assert self.process.poll() is None, (self.folder / "serve.log").read_text()
            try:
                assert self.ask("GET", "/v1/ready")[0] == 200
                return self
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server did not come up")

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        """Return status and body."""
        status, _, content = self.call(method, path, body, **headers)
        return status, content

    def call(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Return status, headers and body."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=body,
            method=method,
            headers={"Content-Type": "application/json"} | headers,
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def begin_upload(self, name: str, num_bytes: int) -> str:
        """Begin an upload in pieces; return where it is."""
        metadata = f"filename {base64.b64encode(name.encode()).decode()}"
        more = {"Upload-Length": str(num_bytes), "Upload-Metadata": metadata}
        status, headers, content = self.call("POST", "/v1/uploads", b"", **TUS | more)
        assert status == 201, content
        return headers["Location"]

    def add_to_upload(self, path: str, content: bytes, offset: int) -> tuple[int, Mapping[str, str]]:
        """Add bytes to an upload; return status and headers."""
        more = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        status, headers, _ = self.call("PATCH", path, content, **TUS | more)
        return status, headers

    def tell_of_upload(self, path: str) -> Mapping[str, str]:
        """Return what is said of an upload."""
        status, headers, _ = self.call("HEAD", path, **TUS)
        assert status == 200
        return headers

    def json(self, method: str, path: str, body: bytes | None = None) -> dict[str, Any]:
        status, content = self.ask(method, path, body)
        assert status in (200, 201), content
        document: dict[str, Any] = json.loads(content)
        return document

    def submit(self, clip: Path) -> dict[str, Any]:
        """Upload a clip and ask for its analysis; return the job."""
        media = self.json("POST", f"/v1/media?name={clip.name}", clip.read_bytes())
        return self.json("POST", "/v1/jobs", json.dumps({"media_id": media["media_id"]}).encode())

    def wait(self, job_id: str, is_enough: Any, *, timeout_seconds: float = 180) -> dict[str, Any]:
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline:
            job = self.json("GET", f"/v1/jobs/{job_id}")
            if is_enough(job):
                return job
            time.sleep(0.1)
        raise AssertionError(f"not in time: {job}")

    def kill(self, number: int = signal.SIGKILL) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
