"""A probe's child can be killed, can crash and can hang, and the parent says so in one line."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import EnvironmentFault, InputError
from tests.clips import Recipe, write_clip
from video.isolation.isolation import probe_isolated
from video.limits import MediaLimits
from video.probing.probe import probe

LIMITS = MediaLimits()
ROOT = Path(__file__).parents[3]
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="process limits are Linux's here")


def test_a_child_finds_what_a_probe_finds(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "ä clip\n.mp4", Recipe(rotation_degrees=90))
    assert probe_isolated(clip, limits=LIMITS) == probe(clip, limits=LIMITS)


def test_a_relative_path_is_named_as_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "json.py").write_text("raise SystemExit('imported from the working directory')")
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(InputError, match=r"^empty\.mp4 is empty"):
        probe_isolated(Path("empty.mp4"), limits=LIMITS)


def test_a_probe_starts_quickly(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4")
    before = os.times()
    probe_isolated(clip, limits=LIMITS)
    after = os.times()
    cpu_seconds = after.children_user + after.children_system - before.children_user - before.children_system
    assert cpu_seconds < 0.6  # 0.12 where it was written


def test_the_child_sees_no_secret_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:secret@host/db")
    fake_python(tmp_path, monkeypatch, 'test -z "$DATABASE_URL" && exit 71; exit 1')
    with pytest.raises(InputError, match="needs more than"):  # what exit code 71 means
        probe_isolated(tmp_path / "clip.mp4", limits=LIMITS)


def fake_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a shell script in the place of the child's Python."""
    fake = tmp_path / "python"
    fake.write_text(f"#!/bin/sh\n{script}\n")
    fake.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(fake))


DEATHS = {
    "kill -SEGV $$": "crashed the reader (signal 11)",
    "kill -KILL $$": "used up its 1 s of computing time or its memory",
    "exec sleep 30": "could not be read within 1 s",
    "exit 71": "needs more than 2048 MB",
}


@pytest.mark.parametrize("script", DEATHS)
def test_a_childs_death_is_one_line_about_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    fake_python(tmp_path, monkeypatch, script)
    started = time.monotonic()
    with pytest.raises(InputError) as refusal:
        probe_isolated(tmp_path / "clip.mp4", limits=replace(LIMITS, probe_timeout_seconds=1))
    assert DEATHS[script] in str(refusal.value)
    assert str(tmp_path / "clip.mp4") in str(refusal.value)
    assert str(refusal.value).isprintable()
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("script", ["exit 1", "echo chatter", "echo '[]'"])
def test_a_child_that_does_not_work_is_a_fault_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    fake_python(tmp_path, monkeypatch, script)
    with pytest.raises(EnvironmentFault, match="see doctor"):
        probe_isolated(tmp_path / "clip.mp4", limits=LIMITS)


def run_python(code: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
    )


@linux_only
def test_a_limited_process_may_take_so_much_memory_more_and_no_more() -> None:
    done = run_python(
        "import os; from video.isolation.process_limits import limit_this_process\n"
        "held = bytearray(300 << 20)\n"
        "limit_this_process(extra_memory_bytes=200 << 20, parent_pid=os.getppid())\n"
        "more = bytearray(100 << 20)\n"
        "try: bytearray(200 << 20)\n"
        "except MemoryError: print('refused')\n"
    )
    assert (done.stdout, done.returncode) == ("refused\n", 0), done.stderr


@linux_only
def test_a_confined_process_writes_no_file_and_leaves_no_core() -> None:
    done = run_python(
        "import os, resource, tempfile; from video.isolation.process_limits import confine_this_process\n"
        "file = tempfile.TemporaryFile()\n"
        "confine_this_process(memory_bytes=1 << 30, cpu_seconds=5, parent_pid=os.getppid())\n"
        "try: os.write(file.fileno(), b'x')\n"
        "except OSError as err: print(err.errno, resource.getrlimit(resource.RLIMIT_CORE))\n"
    )
    assert done.stdout == "27 (0, 0)\n", done.stderr


@linux_only
def test_a_confined_process_ends_when_its_computing_time_is_used_up() -> None:
    done = run_python(
        "import os; from video.isolation.process_limits import confine_this_process\n"
        "confine_this_process(memory_bytes=1 << 30, cpu_seconds=1, parent_pid=os.getppid())\n"
        "while True: pass\n"
    )
    assert done.returncode in (-signal.SIGXCPU, -signal.SIGKILL)


@linux_only
def test_a_limited_process_dies_with_its_parent() -> None:
    child = (
        "import os, sys, time; from video.isolation.process_limits import limit_this_process; "
        "limit_this_process(extra_memory_bytes=1 << 30, parent_pid=int(sys.argv[1])); "
        "print(os.getpid(), flush=True); time.sleep(60)"
    )
    code = f"import os, subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}, str(os.getpid())])"
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child_pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 5
    while is_running(child_pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(child_pid)


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"  # a dead child that nobody has waited for yet
