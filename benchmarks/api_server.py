"""A `moodline serve` as a process of its own on a free port, for a benchmark."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

MOODLINE: Final = Path(sys.executable).with_name("moodline")
_START_SECONDS: Final = 60.0
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, kw_only=True)
class ServerUnderLoad:
    """A server that runs."""

    port: int
    pid: int

    def resident_bytes(self) -> int:
        """Return the memory of the server's process; the runner beside it is another."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * _PAGE_BYTES


@contextmanager
def serving(folder: Path) -> Iterator[ServerUnderLoad]:
    """Serve the store in a folder for as long as the block lasts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MOODLINE_")}
    process = subprocess.Popen(
        [MOODLINE, "serve", "--port", str(port)], cwd=folder, env=environment, start_new_session=True
    )
    try:
        _wait_for(port, process)
        yield ServerUnderLoad(port=port, pid=process.pid)
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    ends_at = time.monotonic() + _START_SECONDS
    while time.monotonic() < ends_at:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with exit code {process.returncode}")
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/v1/ready")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError("the server did not come up")
