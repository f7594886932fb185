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


VARIABLE_TIMES_MS = tuple(n * 33 + (n * n * 7) % 23 + (900 if n > 17 else 0) for n in range(30))
INTRA_REFRESH = {"x264-params": "intra-refresh=1:keyint=8:min-keyint=1:scenecut=0:log-level=none", "g": "8"}
#: A clip of every container, codec and peculiarity that must decode exactly: 30 frames each, by the file's name.
EVERY_KIND = {
    "h264_b_frames_open_gop.mp4": Recipe(),
    "h264_variable_rate.mp4": Recipe(times_ms=VARIABLE_TIMES_MS),
    "h264_variable_rate.mkv": Recipe(times_ms=VARIABLE_TIMES_MS),
    "h264_intra_refresh.mkv": Recipe(options=INTRA_REFRESH),
    "h264_fragmented.mp4": Recipe(container_options={"movflags": "frag_keyframe+empty_moov"}),
    "h264.ts": Recipe(with_sound=True),
    "h264.avi": Recipe(),
    "h264.h264": Recipe(),
    "hevc_open_gop.mp4": Recipe(encoder="libx265", options=X265_OPEN_GOP),
    "hevc.hevc": Recipe(encoder="libx265", options=X265_OPEN_GOP),
    "hevc_10_bit.mkv": Recipe(encoder="libx265", options=X265_OPEN_GOP, pix_fmt="yuv420p10le"),
    "vp8.webm": Recipe(encoder="libvpx", options={"g": "10", "deadline": "realtime", "cpu-used": "8"}),
    "vp9.webm": Recipe(encoder="libvpx-vp9", options={"g": "10", "deadline": "realtime", "cpu-used": "8"}),
    "av1.mp4": Recipe(encoder="libsvtav1", options={"preset": "12", "g": "10"}),
    "mpeg2_b_frames.ts": Recipe(encoder="mpeg2video", options={"bf": "2", "g": "10"}),
    "mpeg4_b_frames.avi": Recipe(encoder="mpeg4", options={"bf": "2", "g": "10"}),
    "mpeg4.mov": Recipe(encoder="mpeg4", options={"g": "10"}),
    "mjpeg.avi": Recipe(encoder="mjpeg", options={}, pix_fmt="yuvj420p"),
    "odd_yuv444.mp4": Recipe(pix_fmt="yuv444p", width_px=65, height_px=49),
    "yuv422.mkv": Recipe(pix_fmt="yuv422p"),
    "rgb.mkv": Recipe(encoder="libx264rgb", pix_fmt="rgb24"),
    "turned_90.mp4": Recipe(rotation_degrees=90),
    "turned_180.mov": Recipe(rotation_degrees=180),
    "turned_270.mp4": Recipe(rotation_degrees=270),
}


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


def damage_packet(clip: Path, packet_index: int, *, from_byte: int = 0) -> None:
    """Overwrite a packet of a clip with zeros, from one of its bytes on."""
    with av.open(str(clip)) as container:
        packet = [packet for packet in container.demux(video=0) if packet.size][packet_index]
        position, size = packet.pos, packet.size
    content = bytearray(clip.read_bytes())
    content[position + from_byte : position + size] = bytes(size - from_byte)
    clip.write_bytes(content)


def hide_vp8_packet(clip: Path, packet_index: int) -> None:
    """Make a frame of a VP8 clip a hidden one, as alternate references are."""
    with av.open(str(clip)) as container:
        packet = [packet for packet in container.demux(video=0) if packet.size][packet_index]
        content, payload = clip.read_bytes(), bytes(packet)
    hidden = bytes([payload[0] & ~0x10]) + payload[1:]  # RFC 6386 section 9.1: show_frame
    start = content.index(payload, packet.pos)
    clip.write_bytes(content[:start] + hidden + content[start + len(payload) :])


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
