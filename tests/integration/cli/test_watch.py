"""`moodline watch` through what happens to cameras: every picture counted, every outage a gap, nothing on disk."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import select

from db.jobs import list_jobs
from db.queue.ledger import claim_next, commit_chunk
from db.states import ChunkState, JobState
from db.store import Store, open_store
from db.tables import ChunkTable
from tests.clips import Recipe, write_clip
from tests.conftest import Run, portrait
from tests.live_sender import LiveSender
from tests.pool_runs import PATIENCE_SECONDS, running_worker, wait_until
from tests.rtsp_camera import rtsp_camera
from tests.servers import KillableValkey
from tests.watch_runs import camera_of, resident_bytes, seconds_of, watching
from video.encode import write_clip as write_video
from video.fragments.redis_fragments import KEY_PREFIX

FPS = 25
CANARY = "S3cret-canary"
LIVE = Recipe(
    num_frames=60 * FPS,
    width_px=160,
    height_px=120,
    options={"g": "25", "bf": "2", "x264-params": "scenecut=0:b-adapt=0:log-level=none"},
)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("live") / "live.ts", LIVE)


@pytest.fixture
def sender(clip: Path) -> Iterator[LiveSender]:
    sender = LiveSender(clip, fps=FPS)
    sender.start()
    yield sender
    sender.kill()


@pytest.fixture
def url(tmp_path: Path) -> str:
    (tmp_path / "store").mkdir()
    return f"sqlite:///{tmp_path / 'store' / 'moodline.db'}"


def work_off(store: Store) -> None:
    """Do what a worker does, without looking at pictures: every chunk that waits becomes done."""
    with store.writing() as connection:
        for job in list_jobs(connection):
            while claim := claim_next(connection, job.id, lease_owner="test", lease_seconds=60):
                commit_chunk(connection, claim, ())


def test_camera_that_is_killed_three_times_has_three_gaps_and_every_picture_is_counted(
    tmp_path: Path, sender: LiveSender, url: str, valkey: KillableValkey
) -> None:
    address = f"tcp://user:{CANARY}@{sender.where}"
    with watching(tmp_path / "cwd", address, url=url, broker_url=valkey.url) as watcher:
        for number in range(3):
            wait_until(lambda n=number: watcher.kinds().count("connected") == n + 1, f"connection {number}")
            time.sleep(1.3)
            sender.kill()
            wait_until(lambda n=number: watcher.kinds().count("lost") == n + 1, f"loss {number}")
            sender.start()
        wait_until(lambda: watcher.kinds().count("gap_closed") == 3, "the camera is back")
        assert watcher.stop() == 0
    found = camera_of(url)
    truth = list(zip(sender.last_sent_at[:-1], sender.first_sent_at[1:], strict=True))
    gaps = [(seconds_of(gap["from_at"]), seconds_of(gap["until_at"])) for gap in found["gaps"]]
    assert len(gaps) == 3
    for gap, true_gap in zip(gaps, truth, strict=True):
        assert gap == pytest.approx(true_gap, abs=1.0)
    captured = watcher.events()[-1]["num_frames"]
    assert captured == found["num_captured_frames"] == found["num_waiting_frames"]
    assert captured >= 3 * 2 * FPS
    store = open_store(url)
    work_off(store)
    assert camera_of(url)["num_processed_frames"] == captured
    with store.reading() as connection:
        assert {job.state for job in list_jobs(connection)} == {JobState.DONE}
    store.close()
    assert list(watcher.folder.iterdir()) == [], "a watcher writes no file beside the store"
    check_no_canary(tmp_path, valkey)


def check_no_canary(folder: Path, valkey: KillableValkey) -> None:
    """Neither store nor logs nor Redis hold the password of the camera's address."""
    for path in folder.rglob("*"):
        if path.is_file():
            assert CANARY.encode() not in path.read_bytes(), path
    with Redis.from_url(valkey.url) as client:
        for key in client.scan_iter():
            assert CANARY.encode() not in key + client.dump(key)


def test_camera_that_stands_still_is_noticed_within_ten_seconds(
    tmp_path: Path, sender: LiveSender, url: str, valkey: KillableValkey
) -> None:
    with watching(tmp_path / "cwd", f"tcp://{sender.where}", url=url, broker_url=valkey.url) as watcher:
        wait_until(lambda: "connected" in watcher.kinds(), "a picture")
        sender.freeze()
        wait_until(lambda: "lost" in watcher.kinds(), "the loss")
        assert watcher.stop() == 0
    (gap,) = camera_of(url)["gaps"]
    lost_at = next(seconds_of(event["at"]) for event in watcher.events() if event["event"] == "lost")
    assert lost_at - sender.last_sent_at[0] < 10
    assert seconds_of(gap["from_at"]) == pytest.approx(sender.last_sent_at[0], abs=1)
    assert gap["until_at"] is None
    assert gap["reason"].startswith("STALLED: camera door was lost")


def test_network_camera_that_refuses_leaves_its_reason_and_not_its_password(
    tmp_path: Path, clip: Path, url: str, valkey: KillableValkey
) -> None:
    with (
        rtsp_camera(clip, credentials="user:another") as where,
        watching(
            tmp_path / "cwd", f"rtsp://user:{CANARY}@{where}?token={CANARY}", url=url, broker_url=valkey.url
        ) as watcher,
    ):
        wait_until(lambda: "unreachable" in watcher.kinds(), "an attempt")
        assert watcher.stop() == 0
    (gap,) = camera_of(url)["gaps"]
    assert "401 Unauthorized" in gap["reason"]
    check_no_canary(tmp_path, valkey)


def test_fragments_lie_in_redis_for_a_while_and_nowhere_else(
    tmp_path: Path, sender: LiveSender, url: str, valkey: KillableValkey
) -> None:
    with watching(tmp_path / "cwd", f"tcp://{sender.where}", url=url, broker_url=valkey.url) as watcher:
        wait_until(lambda: "connected" in watcher.kinds(), "a fragment")
        with Redis.from_url(valkey.url) as client:
            (key,) = client.scan_iter(f"{KEY_PREFIX}*")
            assert 30 < client.ttl(key) <= 330
        assert watcher.stop() == 0


def test_watcher_that_was_killed_leaves_a_gap_until_the_next_one_sees_a_picture(
    tmp_path: Path, sender: LiveSender, url: str, valkey: KillableValkey
) -> None:
    address = f"tcp://{sender.where}"
    with watching(tmp_path / "cwd", address, url=url, broker_url=valkey.url) as killed:
        wait_until(lambda: "connected" in killed.kinds(), "a picture")
        killed.process.kill()
        killed.process.wait()
    assert camera_of(url)["is_open"]
    with watching(tmp_path / "cwd", address, url=url, broker_url=valkey.url) as watcher:
        wait_until(lambda: watcher.kinds().count("gap_closed") == 1, "a picture again")
        assert watcher.stop() == 0
    found = camera_of(url)
    (gap,) = found["gaps"]
    assert seconds_of(gap["from_at"]) == pytest.approx(sender.first_sent_at[0] + 2, abs=1)
    assert seconds_of(gap["until_at"]) == pytest.approx(sender.first_sent_at[1], abs=1)
    assert (found["is_open"], found["num_stretches"]) == (False, 2)


def test_redis_that_is_away_costs_the_fragments_of_that_time_and_they_are_counted(
    tmp_path: Path, sender: LiveSender, url: str, valkey: KillableValkey
) -> None:
    with watching(tmp_path / "cwd", f"tcp://{sender.where}", url=url, broker_url=valkey.url) as watcher:
        wait_until(lambda: "connected" in watcher.kinds(), "a picture")
        valkey.kill()
        wait_until(lambda: "dropped" in watcher.kinds(), "a fragment that could not be kept")
        valkey.start()
        wait_until(lambda: waiting_after_failed(url), "fragments go on")
        assert watcher.stop() == 0
    found = camera_of(url)
    assert set(found["num_frames_by_error"]) == {"BROKER_AWAY"}
    assert found["num_captured_frames"] == watcher.events()[-1]["num_frames"]
    assert found["num_captured_frames"] == found["num_waiting_frames"] + found["num_dropped_frames"]
    assert found["gaps"] == []


def waiting_after_failed(url: str) -> bool:
    store = open_store(url)
    with store.reading() as connection:
        states = list(connection.scalars(select(ChunkTable.state).order_by(ChunkTable.chunk_index)))
    store.close()
    return ChunkState.FAILED in states and states[-1] is ChunkState.PENDING


def test_workers_that_lag_cost_the_oldest_fragments_and_they_are_counted(
    tmp_path: Path, sender: LiveSender, url: str, valkey: KillableValkey
) -> None:
    options = ("--max-lag", "2", "--fragment", "1")
    with watching(
        tmp_path / "cwd", f"tcp://{sender.where}", url=url, broker_url=valkey.url, options=options
    ) as watcher:
        wait_until(lambda: watcher.kinds().count("dropped") == 2, "fragments that nobody took")
        assert watcher.stop() == 0
    found = camera_of(url)
    assert found["num_waiting_frames"] == 2 * FPS
    assert found["num_frames_by_error"] == {"LAGGED": found["num_captured_frames"] - 2 * FPS}
    with Redis.from_url(valkey.url) as client:
        assert len(list(client.scan_iter(f"{KEY_PREFIX}*"))) == 2


def test_file_is_played_as_live_when_asked_and_the_watch_ends_with_it(
    tmp_path: Path, url: str, valkey: KillableValkey, moodline: Run
) -> None:
    played = write_clip(tmp_path / "clip.mp4", Recipe(num_frames=50, options={"g": "25", "bf": "0"}))
    with watching(tmp_path / "cwd", str(played), url=url, broker_url=valkey.url, options=("--as-live",)) as watcher:
        assert watcher.process.wait(PATIENCE_SECONDS) == 0
    found = camera_of(url)
    assert (found["num_captured_frames"], found["gaps"], found["is_open"]) == (50, [], False)
    listed = moodline("media", "--db", url)
    assert "door" in listed.stdout, listed.stderr
    assert "door" in moodline("cameras", "--db", url).stdout


def test_workers_turn_what_comes_into_a_timeline(
    tmp_path: Path, url: str, valkey: KillableValkey, moodline: Run
) -> None:
    face = portrait(width_px=320)
    write_video(tmp_path / "face.ts", [face] * 8 * FPS, fps=FPS, gop_size=FPS)
    sender = LiveSender(tmp_path / "face.ts", fps=FPS)
    sender.start()
    with (
        running_worker(url, valkey, tmp_path / "worker.log", slots=1),
        watching(tmp_path / "cwd", f"tcp://{sender.where}", url=url, broker_url=valkey.url) as watcher,
    ):
        wait_until(lambda: "lost" in watcher.kinds(), "the clip is over")
        sender.kill()
        assert watcher.stop() == 0
        wait_until(lambda: camera_of(url)["num_waiting_frames"] == 0, "the worker is done")
    found = camera_of(url)
    assert (found["num_processed_frames"], found["num_dropped_frames"]) == (found["num_captured_frames"], 0)
    store = open_store(url)
    with store.reading() as connection:
        job = max(list_jobs(connection), key=lambda job: job.num_frames)  # it was reached again before it was killed
    store.close()
    assert (job.state, job.num_frames) == (JobState.DONE, job.num_face_frames)
    assert job.num_frames >= 5 * 6
    frames = moodline("frames", "--media", job.media_id, "--db", url).stdout.splitlines()
    assert len(frames) == job.num_frames
    timeline = moodline("timeline", "--media", job.media_id, "--db", url)
    assert "door" in timeline.stdout, timeline.stderr
    with Redis.from_url(valkey.url) as client:
        assert list(client.scan_iter(f"{KEY_PREFIX}*")) == [], "a fragment that was worked off is forgotten"


def test_file_without_as_live_and_camera_with_it_are_refused_without_the_address(moodline: Run) -> None:
    for address, options, hint in (
        (f"user:{CANARY}@10.0.0.5/stream", (), "--as-live"),
        (f"rtps://user:{CANARY}@10.0.0.5", (), "no live video"),
        (f"rtsp://user:{CANARY}@10.0.0.5", ("--as-live",), "live already"),
    ):
        answer = moodline("watch", address, "--camera", "door", *options)
        assert answer.returncode == 2
        assert hint in answer.stderr
        assert len(answer.stderr.splitlines()) == 1
        assert CANARY not in answer.stderr


@pytest.mark.parametrize("is_kept", [True, False])
def test_redis_that_writes_pictures_to_disk_is_warned_of(
    tmp_path: Path, url: str, valkey: KillableValkey, is_kept: bool
) -> None:
    with Redis.from_url(valkey.url, decode_responses=True) as client:
        before = client.config_get("appendonly")["appendonly"]
        client.config_set("appendonly", "yes" if is_kept else "no")
        with watching(tmp_path / "cwd", "tcp://127.0.0.1:9", url=url, broker_url=valkey.url) as watcher:
            wait_until(lambda: "unreachable" in watcher.kinds(), "an attempt")
            assert watcher.stop() == 0
        client.config_set("appendonly", before)
    assert ("writes what it holds to disk" in watcher.log.read_text()) == is_kept


def test_redis_that_is_away_from_the_start_is_one_clear_line(tmp_path: Path, url: str, valkey: KillableValkey) -> None:
    valkey.kill()
    with watching(tmp_path / "cwd", "tcp://127.0.0.1:9", url=url, broker_url=valkey.url) as watcher:
        assert watcher.process.wait(PATIENCE_SECONDS) == 3
    assert re.search(r"^moodline: Redis does not answer", watcher.log.read_text(), re.MULTILINE)


def test_memory_of_a_watcher_does_not_grow(tmp_path: Path, clip: Path, url: str, valkey: KillableValkey) -> None:
    quick = LiveSender(clip, fps=20 * FPS)  # a minute of video in three seconds, again and again
    quick.start()
    options = ("--max-lag", "10")
    with watching(tmp_path / "cwd", f"tcp://{quick.where}", url=url, broker_url=valkey.url, options=options) as watcher:
        wait_until(lambda: watcher.kinds().count("lost") == 2, "two minutes of video")
        before = resident_bytes(watcher.process.pid)
        wait_until(lambda: watcher.kinds().count("lost") == 5, "five minutes of video")
        assert resident_bytes(watcher.process.pid) - before < 8 * 2**20
    quick.kill()
