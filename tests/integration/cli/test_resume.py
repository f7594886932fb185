"""A run that is killed or stopped, and run again, leaves the rows of an undisturbed run."""

import os
import signal
import sqlite3
import subprocess
import time

import pytest

from tests.conftest import MOODLINE, children_of


def start(clip, folder):
    return subprocess.Popen(
        [MOODLINE, "analyze", clip, "--db", f"sqlite:///{folder / 'store.db'}"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=heed_ctrl_c,
    )


def heed_ctrl_c():
    """Undo what a shell does to its background jobs: where the suite runs in one, Ctrl-C would be ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def wait_for_a_chunk(folder, process, *, timeout_seconds=120):
    """Wait until a chunk is committed and the job is not; return the pids of the run's processes."""
    deadline = time.monotonic() + timeout_seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, "the run ended before it could be disturbed"
        try:
            with sqlite3.connect(f"file:{folder / 'store.db'}?mode=ro", uri=True) as store:
                (num_done,) = store.execute("SELECT count(*) FROM chunk WHERE state = 'done'").fetchone()
        except sqlite3.OperationalError:  # not made yet
            num_done = 0
        if num_done:
            return children_of(process.pid)
        time.sleep(0.05)
    raise AssertionError("no chunk was committed in time")


def rows(moodline, clip, db):
    result = moodline("frames", "--media", clip, "--format", "csv", "--db", db)
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def undisturbed(long_clip, tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed")
    command = [MOODLINE, "analyze", long_clip, "--db", f"sqlite:///{folder / 'store.db'}", "--json"]
    subprocess.run(command, check=True, capture_output=True)
    return f"sqlite:///{folder / 'store.db'}"


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_after_kill_9_the_same_command_completes_the_same_rows(moodline, long_clip, undisturbed, tmp_path):
    process = start(long_clip, tmp_path)
    children = wait_for_a_chunk(tmp_path, process)
    process.kill()
    process.wait()
    db = f"sqlite:///{tmp_path / 'store.db'}"
    again = moodline("analyze", long_clip, "--db", db, "--json")
    assert again.returncode == 0, again.stderr
    assert rows(moodline, long_clip, db) == rows(moodline, long_clip, undisturbed)
    assert not any(alive(child) for child in children), "a killed run left its child behind"


def test_after_ctrl_c_the_job_is_kept_and_resumed(moodline, long_clip, undisturbed, tmp_path):
    process = start(long_clip, tmp_path)
    wait_for_a_chunk(tmp_path, process)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "the same command goes on from there" in said
    assert "Traceback" not in said
    db = f"sqlite:///{tmp_path / 'store.db'}"
    assert moodline("analyze", long_clip, "--db", db).returncode == 0
    assert rows(moodline, long_clip, db) == rows(moodline, long_clip, undisturbed)


def test_a_killed_child_costs_an_attempt_and_no_row(moodline, long_clip, undisturbed, tmp_path):
    process = start(long_clip, tmp_path)
    for child in wait_for_a_chunk(tmp_path, process):
        os.kill(child, signal.SIGKILL)
    _, said = process.communicate(timeout=240)
    assert process.returncode == 0, said
    db = f"sqlite:///{tmp_path / 'store.db'}"
    assert rows(moodline, long_clip, db) == rows(moodline, long_clip, undisturbed)


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
