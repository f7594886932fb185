"""Write a clip from pictures: for the demo and for tests, not for users' media."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av

from core.frames import RgbImage


def write_clip(path: Path, images: Iterable[RgbImage], *, fps: int, gop_size: int = 250) -> int:
    """Encode (H, W, 3) RGB pictures of one even size as H.264, a key frame every gop_size; return how many."""
    num_frames = 0
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps, options={"crf": "20", "preset": "veryfast"})
        stream.pix_fmt = "yuv420p"
        stream.gop_size = gop_size
        stream.thread_count = 1
        for image in images:
            if num_frames == 0:
                stream.height, stream.width = image.shape[:2]
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = num_frames, Fraction(1, fps)
            container.mux(stream.encode(frame))
            num_frames += 1
        container.mux(stream.encode())
    return num_frames
