"""Decoding alone, to RGB: nothing that looks at every frame is cheaper. `... CLIP NUM_FRAMES`."""

import sys

import av

from benchmarks.contender import serve


def main(path: str, num_frames: int) -> None:
    """Decode the first frames of a clip."""

    def run() -> int:
        with av.open(path) as container:
            container.streams.video[0].thread_count = 1
            for count, frame in enumerate(container.decode(video=0), start=1):
                frame.to_ndarray(format="rgb24")
                if count == num_frames:
                    return count
        return count

    serve(run)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
