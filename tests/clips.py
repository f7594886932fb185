"""Makes tiny clips whose frames carry their number in their pixels, so that a test can read which frame it got."""

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

GRID_ROWS, GRID_COLUMNS = 3, 4  # 12 blocks, one bit each: numbers up to 4095
X264_B_FRAMES = {"g": "10", "bf": "2", "x264-params": "open-gop=1:scenecut=0:b-adapt=0:log-level=none"}
X265_OPEN_GOP = {"x265-params": "open-gop=1:keyint=10:min-keyint=10:bframes=2:log-level=none:scenecut=0"}


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What a clip shall be; the default is 30 frames of H.264 with B frames and open groups of 10 pictures."""

    encoder: str = "libx264"
    options: dict[str, str] = field(default_factory=lambda: dict(X264_B_FRAMES))
    num_frames: int = 30
    fps: int = 25
    times_ms: tuple[int, ...] | None = None  # of each frame; None: at fps
    width_px: int = 64  # as displayed: upright
    height_px: int = 48
    pix_fmt: str = "yuv420p"
    rotation_degrees: int = 0  # counter-clockwise turn that the display matrix asks for
    container_options: dict[str, str] = field(default_factory=dict)
    container: str | None = None  # None: by the file's name
    colorspace: int | None = None  # FFmpeg's number: 1 is BT.709
    with_sound: bool = False


def draw_number(number: int, *, width_px: int, height_px: int) -> NDArray[np.uint8]:
    """Draw a number as 12 black or white blocks, the lowest bit first, in rows: (H, W, 3) uint8."""
    bits = np.array([(number >> bit) & 1 for bit in range(GRID_ROWS * GRID_COLUMNS)], np.uint8)
    grid = bits.reshape(GRID_ROWS, GRID_COLUMNS) * 200 + 25
    rows = np.arange(height_px) * GRID_ROWS // height_px
    columns = np.arange(width_px) * GRID_COLUMNS // width_px
    return np.repeat(grid[rows][:, columns, None], 3, axis=2)


def read_number(image: NDArray[np.uint8]) -> int:
    """Read the number that draw_number drew, from the middle of each block."""
    height_px, width_px = image.shape[:2]
    number = 0
    for bit in range(GRID_ROWS * GRID_COLUMNS):
        row, column = divmod(bit, GRID_COLUMNS)
        y = (2 * row + 1) * height_px // (2 * GRID_ROWS)
        x = (2 * column + 1) * width_px // (2 * GRID_COLUMNS)
        number |= int(image[y, x].mean() > 125) << bit
    return number


def write_clip(path: Path, recipe: Recipe | None = None) -> Path:
    """Write a clip, frame n showing the number n."""
    recipe = recipe or Recipe()
    with av.open(str(path), "w", format=recipe.container, options=recipe.container_options) as container:
        stream = container.add_stream(recipe.encoder, rate=recipe.fps, options=recipe.options)
        quarter_turns = recipe.rotation_degrees // 90
        sizes = (recipe.width_px, recipe.height_px)
        stream.width, stream.height = sizes if quarter_turns % 2 == 0 else sizes[::-1]
        stream.pix_fmt = recipe.pix_fmt
        # Times in milliseconds where they are given; otherwise the encoder's own clock.
        time_base = Fraction(1, 1000) if recipe.times_ms else Fraction(1, recipe.fps)
        stream.codec_context.time_base = time_base
        if recipe.colorspace is not None:
            stream.codec_context.colorspace = recipe.colorspace
        if recipe.rotation_degrees:
            stream.set_display_rotation(recipe.rotation_degrees)
        sound = container.add_stream("aac", rate=8000) if recipe.with_sound else None
        for number in range(recipe.num_frames):
            upright = draw_number(number, width_px=recipe.width_px, height_px=recipe.height_px)
            stored = np.ascontiguousarray(np.rot90(upright, -quarter_turns))
            frame = av.VideoFrame.from_ndarray(stored, format="rgb24")
            frame.pts = recipe.times_ms[number] if recipe.times_ms else number
            frame.time_base = time_base
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if sound is not None:
            _mux_sound(container, sound)
    return path


def write_sound(path: Path) -> Path:
    """Write a second of silence: a file without a picture."""
    with av.open(str(path), "w") as container:
        _mux_sound(container, container.add_stream("aac", rate=8000))
    return path


def write_picture(path: Path, *, encoder: str = "png", width_px: int = 64, height_px: int = 48) -> Path:
    """Write one picture in the format of an encoder (png, mjpeg, gif), whatever the file's name says."""
    context = av.CodecContext.create(encoder, "w")
    context.width, context.height, context.time_base = width_px, height_px, Fraction(1, 25)
    context.pix_fmt = {"png": "rgb24", "mjpeg": "yuvj420p"}[encoder]
    frame = av.VideoFrame.from_ndarray(draw_number(1, width_px=width_px, height_px=height_px), format="rgb24")
    frame.pts = 0
    path.write_bytes(
        b"".join(
            bytes(packet) for packet in [*context.encode(frame.reformat(format=context.pix_fmt)), *context.encode()]
        )
    )
    return path


def _mux_sound(container: av.container.OutputContainer, stream: av.AudioStream) -> None:
    silence = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.float32), format="fltp", layout="mono")
    silence.sample_rate = 8000
    silence.pts = 0
    container.mux(stream.encode(silence))
    container.mux(stream.encode())
