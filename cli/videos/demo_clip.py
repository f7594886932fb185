"""The demo's clip: two public-domain portraits, filmed as a camera would, with a stretch of nobody between.

The portraits are NASA's photograph of Eileen Collins, smiling (inside scikit-image), and the US Navy's of Grace Hopper,
serious (inside matplotlib). Neither is part of this project: both come with the packages.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from core.errors import EnvironmentFault
from core.frames import RgbImage
from video.encode import write_clip

WIDTH_PX: Final = 640
HEIGHT_PX: Final = 360
FPS: Final = 25
HAPPY_SECONDS: Final = (0.0, 5.0)
NOBODY_SECONDS: Final = (5.0, 7.0)
SERIOUS_SECONDS: Final = (7.0, 12.0)


@dataclass(frozen=True, kw_only=True)
class View:
    """Where the camera looks: the centre and width of its view, in pixels of the portrait."""

    x: float
    y: float
    width: float


def make_demo_clip(path: Path) -> int:
    """Write the clip; return its number of frames. Raises EnvironmentFault where a portrait's package is missing."""
    return write_clip(path, _frames(), fps=FPS)


def _frames() -> Iterator[RgbImage]:
    happy, serious = _happy_portrait(), _serious_portrait()
    yield from _film(happy, HAPPY_SECONDS, View(x=250, y=150, width=440), View(x=225, y=125, width=280))
    yield from _film(_wall(), NOBODY_SECONDS, View(x=300, y=300, width=380), View(x=420, y=260, width=420))
    yield from _film(serious, SERIOUS_SECONDS, View(x=270, y=190, width=330), View(x=240, y=175, width=480))


def _film(portrait: RgbImage, seconds: tuple[float, float], start: View, end: View) -> Iterator[RgbImage]:
    """Move the view from start to end, with a hand's slight tremble."""
    num_frames = round((seconds[1] - seconds[0]) * FPS)
    for frame_index in range(num_frames):
        share = frame_index / (num_frames - 1)
        ease = 3 * share**2 - 2 * share**3
        tremble = 1.5 * np.sin(frame_index * 0.7), 1.2 * np.sin(frame_index * 0.9)
        width = start.width + ease * (end.width - start.width)
        x = start.x + ease * (end.x - start.x) + tremble[0]
        y = start.y + ease * (end.y - start.y) + tremble[1]
        zoom = WIDTH_PX / width
        move = np.array([[zoom, 0, WIDTH_PX / 2 - zoom * x], [0, zoom, HEIGHT_PX / 2 - zoom * y]])
        view = cv2.warpAffine(
            portrait, move, (WIDTH_PX, HEIGHT_PX), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT
        )
        yield np.asarray(view, np.uint8)


def _wall() -> RgbImage:
    """A plain wall in uneven light: nobody is here."""
    rows, columns = np.mgrid[0:600, 0:800]
    light = 150 + 40 * np.cos(columns / 400) + 20 * np.sin(rows / 250)
    return np.stack([light, light * 0.97, light * 0.9], axis=2).clip(0, 255).astype(np.uint8)


def _happy_portrait() -> RgbImage:
    try:
        from skimage.data import astronaut
    except ImportError as error:
        raise EnvironmentFault("the demo's first portrait needs scikit-image; run `make setup`") from error
    return np.asarray(astronaut(), np.uint8)


def _serious_portrait() -> RgbImage:
    try:
        import matplotlib
    except ImportError as error:
        raise EnvironmentFault("the demo's second portrait needs matplotlib; run `make setup`") from error
    content = np.fromfile(Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg", np.uint8)
    return np.asarray(cv2.imdecode(content, cv2.IMREAD_COLOR_RGB), np.uint8)
