"""What tests of every layer share: short clips of a real face, the installed command, stores and private servers."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray

if TYPE_CHECKING:
    from db.store import Store
    from tests.servers import KillableValkey, PostgresServer

# Before torch is imported, here and in the processes that tests start: small networks lose by a second thread.
os.environ.setdefault("OMP_NUM_THREADS", "1")

MOODLINE = Path(sys.executable).with_name("moodline")

#: Real clips with hand-read timelines, beside the checkout; tests that need them say so when they skip.
REAL_CLIPS = Path(__file__).resolve().parents[2] / "shared" / "videos"

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def portrait(*, width_px: int) -> NDArray[np.uint8]:
    """A smiling face, filling a 4:3 picture: from the public-domain portrait inside scikit-image."""
    import cv2
    from skimage.data import astronaut

    face = np.ascontiguousarray(astronaut()[:240, 80:400])
    return np.asarray(cv2.resize(face, (width_px, width_px * 3 // 4), interpolation=cv2.INTER_AREA), np.uint8)


@pytest.fixture(scope="session")
def picture() -> bytes:
    """That face as a JPEG."""
    import cv2

    return cv2.imencode(".jpg", cv2.cvtColor(portrait(width_px=320), cv2.COLOR_RGB2BGR))[1].tobytes()


@pytest.fixture(scope="session")
def face_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """36 frames of 320x240 at 12 Hz: a second of a smiling face, a second of nobody, a second of the face."""
    from video.encode import write_clip

    path = tmp_path_factory.mktemp("clips") / "face.mp4"
    face = portrait(width_px=320)
    nobody = np.full_like(face, 120)
    write_clip(path, [face] * 12 + [nobody] * 12 + [face] * 12, fps=12)
    return path


@pytest.fixture(scope="session")
def long_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1,300 small frames with a face that wanders: three chunks, some seconds of work."""
    from video.encode import write_clip

    path = tmp_path_factory.mktemp("clips") / "long.mp4"
    face = portrait(width_px=160)
    write_clip(path, (np.roll(face, (i % 7, i % 11), axis=(0, 1)) for i in range(1300)), fps=25, gop_size=100)
    return path


@pytest.fixture
def moodline(tmp_path: Path) -> Run:
    """Run the installed command in an empty folder, as a user would."""

    def run(*arguments: object, timeout_seconds: float = 240) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [MOODLINE, *map(str, arguments)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=timeout_seconds,
            check=False,
        )

    return run


@pytest.fixture
def store(store_url: str) -> "Iterator[Store]":
    """An open store without rows. `store_url` says which database: each folder of db tests has its own."""
    from db.store import open_store

    store = open_store(store_url)
    yield store
    store.close()


@pytest.fixture(scope="session")
def processes() -> Iterator[Executor]:
    """Four processes that share no connection with this one; imports are paid once. One that dies fails its test."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["db.store", "db.queue.ledger", "db.submission", "tests.factories"])
    with ProcessPoolExecutor(4, mp_context=context) as pool:
        yield pool


@pytest.fixture(scope="session")
def postgresql() -> "Iterator[PostgresServer]":
    """A PostgreSQL server for the whole session; take a database of your own from it."""
    from tests.servers import running_postgresql

    with running_postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def valkey_server(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[KillableValkey]":
    """The server behind `valkey`."""
    from tests.servers import start_valkey

    server = start_valkey(tmp_path_factory.mktemp("valkey"))
    yield server
    server.stop()


@pytest.fixture
def valkey(valkey_server: "KillableValkey") -> "KillableValkey":
    """A running, empty Valkey; a test may leave it killed."""
    valkey_server.start()
    valkey_server.flush()
    return valkey_server


def children_of(pid: int) -> list[int]:
    """The processes that a process started and that still live."""
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    return [int(child) for child in found]
