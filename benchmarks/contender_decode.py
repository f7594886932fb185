"""Decoding alone, to RGB: nothing that looks at every frame is cheaper. `... CLIP NUM_FRAMES`."""

import sys
from collections.abc import Iterator
from itertools import islice

import av

from benchmarks.contender import serve
from core.frames import RgbImage


def pictures(path: str, num_frames: int) -> Iterator[RgbImage]:
    """Decode the first frames of a clip, in one thread."""
    with av.open(path) as container:
        container.streams.video[0].thread_count = 1
        for frame in islice(container.decode(video=0), num_frames):
            yield frame.reformat(format="rgb24", threads=1).to_ndarray()


def main(path: str, num_frames: int) -> None:
    """Decode and do nothing else."""
    serve(lambda: sum(1 for _ in pictures(path, num_frames)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
