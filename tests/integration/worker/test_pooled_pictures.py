"""Pictures through the real pool: read by a worker, refused, given up; nothing of them stays in Redis."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis

from core.errors import BrokerUnavailable, InputError
from fer_model.checkpoints.card import find_card, read_card
from tests.pool_runs import PATIENCE_SECONDS, running_worker
from tests.servers import KillableValkey
from worker.broker import KEY_PREFIX
from worker.checked_transport import PICTURE_TASK_NAME
from worker.pictures.pooled import PooledPictures
from worker.pictures.reading import MAX_WAITING, PictureReading, PicturesBusy

VERSION = read_card(find_card("small")).version


@pytest.fixture
def pooled(valkey: KillableValkey) -> Iterator[PooledPictures]:
    pictures = PooledPictures(valkey.url, model_version=VERSION, patience_seconds=10)
    yield pictures
    pictures.stop()


def first_reading(pooled: PooledPictures, picture: bytes) -> PictureReading:
    """Ask until the worker is up: on a busy machine that takes longer than a picture waits."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return pooled.read(picture, min_face_px=60)
        except PicturesBusy:
            assert time.monotonic() < deadline, "no worker came up"


def keys_of_pictures(valkey: KillableValkey) -> list[bytes]:
    return redis.Redis.from_url(valkey.url).keys(f"{KEY_PREFIX}picture:*")


def test_a_worker_reads_refuses_and_goes_on(
    pooled: PooledPictures, valkey: KillableValkey, picture: bytes, tmp_path: Path
):
    url, log = f"sqlite:///{tmp_path}/pool.db", tmp_path / "worker.log"
    with running_worker(url, valkey, log, slots=1, queues="pictures"):
        found = first_reading(pooled, picture)
        assert (found.faces[0]["top"], found.model_version) == ("happy", VERSION)
        assert (found.width_px, found.height_px) == (320, 240)
        with pytest.raises(InputError, match="no known format"):
            pooled.read(b"#EXTM3U", min_face_px=60)
        with pytest.raises(InputError, match="its log says why"):
            PooledPictures(valkey.url, model_version="small-absent").read(picture, min_face_px=60)
        with pytest.raises(InputError, match="its log says why"):
            pooled.read(picture, min_face_px=-1)
        assert pooled.read(picture, min_face_px=60) == found
    assert keys_of_pictures(valkey) == []


def test_a_picture_that_nobody_takes_is_taken_back(valkey: KillableValkey, picture: bytes):
    pictures = PooledPictures(valkey.url, model_version=VERSION, patience_seconds=0.5)
    with pytest.raises(PicturesBusy, match="no worker"):
        pictures.read(picture, min_face_px=60)
    assert keys_of_pictures(valkey) == []
    pictures.stop()


def test_only_so_many_wait_in_redis(valkey: KillableValkey, picture: bytes):
    pictures = PooledPictures(valkey.url, model_version=VERSION, patience_seconds=3)
    with ThreadPoolExecutor(MAX_WAITING + 1) as threads:
        asked = [threads.submit(pictures.read, picture, min_face_px=60) for _ in range(MAX_WAITING + 1)]
        told = sorted(str(each.exception()) for each in asked)
    assert sum("wait to be read" in text for text in told) == 1
    assert sum("no worker took" in text for text in told) == MAX_WAITING
    pictures.stop()


def test_a_worker_lets_a_picture_go_that_was_taken_back(
    pooled: PooledPictures, valkey: KillableValkey, picture: bytes, tmp_path: Path
):
    pooled._celery.send_task(PICTURE_TASK_NAME, args=("0" * 32,), queue="pictures", retry=False)
    url, log = f"sqlite:///{tmp_path}/pool.db", tmp_path / "worker.log"
    with running_worker(url, valkey, log, slots=1, queues="live,pictures"):
        assert first_reading(pooled, picture).faces
    assert "Traceback" not in log.read_text()


def test_a_broker_that_is_away_is_said_so(pooled: PooledPictures, valkey: KillableValkey, picture: bytes):
    valkey.kill()
    with pytest.raises(BrokerUnavailable, match="when it is back"):
        pooled.read(picture, min_face_px=60)
