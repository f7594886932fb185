"""What tests of every layer share: short clips of a real face, and the installed command."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

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


def children_of(pid: int) -> list[int]:
    """The processes that a process started and that still live."""
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    return [int(child) for child in found]
