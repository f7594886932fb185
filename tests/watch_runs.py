"""`moodline watch` as tests run it: a process in a folder of its own, its events, and what the store says after it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import MOODLINE


class Watcher:
    """`moodline watch` as a process, in an empty folder of its own that is also its folder for temporary files."""

    def __init__(
        self, folder: Path, address: str, *, url: str, broker_url: str, options: tuple[str, ...] = ("--rate", "5")
    ) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.log = folder.with_suffix(".log")
        environment = os.environ | {"MOODLINE_BROKER_URL": broker_url, "TMPDIR": str(folder)}
        command = [MOODLINE, "-v", "watch", address, "--camera", "door", "--db", url, "--json", *options]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)

    def events(self) -> list[dict[str, Any]]:
        """What it has told until now."""
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]

    def kinds(self) -> list[str]:
        """What has happened until now, in order."""
        return [event["event"] for event in self.events()]

    def stop(self) -> int:
        """Ask it to stop, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)


@contextmanager
def watching(
    folder: Path, address: str, *, url: str, broker_url: str, options: tuple[str, ...] = ("--rate", "5")
) -> Iterator[Watcher]:
    """Run `moodline watch` for as long as the block, and kill it if it is there still."""
    watcher = Watcher(folder, address, url=url, broker_url=broker_url, options=options)
    try:
        yield watcher
    finally:
        watcher.process.kill()
        watcher.process.wait()


def camera_of(url: str) -> dict[str, Any]:
    """What `moodline cameras` says of the one camera in a store."""
    answer = subprocess.run([MOODLINE, "cameras", "--db", url, "--json"], capture_output=True, text=True, check=True)
    return dict(json.loads(answer.stdout))


def seconds_of(text: str) -> float:
    """Unix seconds of a moment in a document."""
    return datetime.fromisoformat(text).timestamp()


def resident_bytes(pid: int) -> int:
    """How much memory a process holds."""
    if not sys.platform.startswith("linux"):
        pytest.skip("memory is read from /proc, which only Linux has")
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
