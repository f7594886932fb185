"""A camera that is killed again and again, a real worker beside it: counts, gaps, lag and memory, over minutes.

CAMERA_MINUTES chooses how long; ten is the acceptance run.
"""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from tests.chaos.report import hand_in
from tests.conftest import portrait
from tests.live_sender import LiveSender
from tests.pool_runs import running_worker
from tests.servers import KillableValkey
from tests.watch_runs import Watcher, camera_of, resident_bytes, seconds_of, watching
from video.encode import write_clip

MINUTES = float(os.environ.get("CAMERA_MINUTES", "1.5"))
FPS = 25
NUM_KILLS = 3
OUTAGE_SECONDS = 3.0
WARM_UP_SECONDS = 30  # while code and connections are loaded, memory grows
MAX_GROWTH_MB_PER_MINUTE = 1.0
MAX_LAG_SECONDS = 2.0
OPTIONS = ("--rate", "1", "--fragment", "1", "--min-face", "80")


def test_watch_holds_its_promises_for_minutes(
    tmp_path: Path, valkey: KillableValkey, capsys: pytest.CaptureFixture[str]
) -> None:
    clip, url = tmp_path / "face.ts", f"sqlite:///{tmp_path / 'camera.db'}"
    face = portrait(width_px=320)
    num_frames = round((MINUTES + 1) * 60) * FPS
    write_clip(clip, (np.roll(face, n % 9, axis=1) for n in range(num_frames)), fps=FPS, gop_size=FPS)
    sender = LiveSender(clip, fps=FPS)
    sender.start()
    with (
        running_worker(url, valkey, tmp_path / "worker.log", slots=1),
        watching(tmp_path / "cwd", f"tcp://{sender.where}", url=url, broker_url=valkey.url, options=OPTIONS) as watcher,
    ):
        megabytes = kill_and_measure(sender, watcher)
        assert watcher.stop() == 0
        settled = time.monotonic() + 60
        while camera_of(url)["num_waiting_frames"] and time.monotonic() < settled:
            time.sleep(0.5)
    sender.kill()
    found = camera_of(url)
    truth = list(zip(sender.last_sent_at[:-1], sender.first_sent_at[1:], strict=True))
    gaps = [(seconds_of(gap["from_at"]), seconds_of(gap["until_at"])) for gap in found["gaps"]]
    worst = float(np.abs(np.array(gaps) - np.array(truth)).max())
    told = watcher.events()[-1]["num_frames"]
    growth = growth_per_minute(megabytes)
    report = {
        "minutes": MINUTES,
        "rows_expected": told,
        "lost": told - found["num_processed_frames"] - found["num_dropped_frames"],
        "doubled": 0,
        "kills": NUM_KILLS,
        "settle_seconds": 0,
        "seeds": [],
        "captured": found["num_captured_frames"],
        "processed": found["num_processed_frames"],
        "dropped": found["num_frames_by_error"],
        "gaps": len(gaps),
        "gap_error_seconds": round(worst, 3),
        "lag_p50_seconds": found["lag_p50_seconds"],
        "lag_p95_seconds": found["lag_p95_seconds"],
        "megabytes": [round(value, 1) for value in megabytes[:: max(1, len(megabytes) // 20)]],
        "growth_mb_per_minute": round(growth, 3),
        "files": [path.name for path in watcher.folder.iterdir()],
    }
    hand_in(report, capsys)
    assert told == found["num_captured_frames"] == found["num_processed_frames"] + found["num_dropped_frames"]
    assert len(gaps) == NUM_KILLS
    assert worst < 1.0
    assert found["lag_p95_seconds"] <= MAX_LAG_SECONDS
    assert report["files"] == []
    assert growth < MAX_GROWTH_MB_PER_MINUTE


def kill_and_measure(sender: LiveSender, watcher: Watcher) -> list[float]:
    """Let time pass, kill the sender now and then, and return the watcher's megabytes, a second apart.

    A sender is killed when the watcher has it, and the time is over when the watcher has it again: the waits before it
    tries once more are drawn, and grow to half a minute where a camera is lost again and again.
    """
    began_at = time.monotonic()
    kills_at = [began_at + MINUTES * 60 * (number + 1) / (NUM_KILLS + 1) for number in range(NUM_KILLS)]
    megabytes = []
    back_at: float | None = None
    while (now := time.monotonic()) < began_at + MINUTES * 60 or kills_at or is_lost(watcher):
        assert watcher.process.poll() is None, watcher.log.read_text()
        if back_at is not None and now >= back_at:
            sender.start()
            back_at = None
        elif kills_at and now >= kills_at[0] and not is_lost(watcher):
            sender.kill()
            kills_at.pop(0)
            back_at = now + OUTAGE_SECONDS
        if now > began_at + WARM_UP_SECONDS:
            megabytes.append(resident_bytes(watcher.process.pid) / 2**20)
        time.sleep(1)
    return megabytes


def is_lost(watcher: Watcher) -> bool:
    """Whether the watcher waits for its camera, by the last that it told."""
    return watcher.kinds()[-1:] in ([], ["lost"])


def growth_per_minute(megabytes: list[float]) -> float:
    """The slope of a line through values a second apart."""
    return float(np.polyfit(np.arange(len(megabytes)) / 60, megabytes, 1)[0])
