"""Kill an analysis at random moments, again and again, until it is done; its rows must be an undisturbed run's.

`make chaos` runs this. CHAOS_SEED and CHAOS_KILLS choose another run; both are printed.
"""

import contextlib
import os
import random
import signal
import subprocess
import time

from tests.chaos.report import hand_in
from tests.conftest import MOODLINE, children_of

SEED = int(os.environ.get("CHAOS_SEED", "20261120"))
NUM_KILLS = int(os.environ.get("CHAOS_KILLS", "10"))


def test_rows_survive_every_kill(long_clip, tmp_path, moodline, capsys):
    chance = random.Random(SEED)
    print(f"seed {SEED}, up to {NUM_KILLS} kills")
    expected = frames_after(moodline, long_clip, "sqlite:///undisturbed.db")
    num_kills, num_finished = 0, 0
    stores_with_a_killed_child: set[int] = set()
    while num_kills < NUM_KILLS:
        db = f"sqlite:///{tmp_path / f'store{num_finished}.db'}"
        process = subprocess.Popen(
            [MOODLINE, "analyze", long_clip, "--db", db, "--json"],
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            process.wait(timeout=chance.uniform(0.2, 15))
            num_finished += 1
        except subprocess.TimeoutExpired:
            if num_finished not in stores_with_a_killed_child and chance.random() < 0.3:
                # once a store: three deaths of a child on one chunk are a poison chunk, rightly given up
                stores_with_a_killed_child.add(num_finished)
                kill(children_of(process.pid))
                time.sleep(chance.uniform(0.2, 5))
                num_kills += 1
            process.kill()
            process.wait()
            num_kills += 1
    lost, doubled = 0, 0
    for number in range(num_finished + 1):
        found = frames_after(moodline, long_clip, f"sqlite:///{tmp_path / f'store{number}.db'}")
        lost += len(set(expected) - set(found))
        doubled += len(found) - len(set(found))
        assert found == expected
    report = {"rows_expected": len(expected) * (num_finished + 1), "lost": lost, "doubled": doubled}
    hand_in(report | {"kills": num_kills, "settle_seconds": 0.0, "seeds": [SEED]}, capsys)


def frames_after(moodline, clip, db):
    """Complete the analysis and return its rows."""
    for _ in range(5):
        if moodline("analyze", clip, "--db", db, "--json").returncode == 0:
            break
    return moodline("frames", "--media", clip, "--db", db).stdout.splitlines()


def kill(pids):
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
