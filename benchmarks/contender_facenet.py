"""facenet-pytorch's MTCNN on every frame, decoding included, nothing classified. `... CLIP NUM_FRAMES MIN_FACE_PX`."""

import sys

import av
import torch
from facenet_pytorch import MTCNN

from benchmarks.contender import serve


def main(path: str, num_frames: int, min_face_px: int) -> None:
    """Find the faces of the first frames of a clip."""
    torch.set_num_threads(1)
    mtcnn = MTCNN(min_face_size=min_face_px, keep_all=True, device="cpu")

    def run() -> int:
        with av.open(path) as container:
            container.streams.video[0].thread_count = 1
            for count, frame in enumerate(container.decode(video=0), start=1):
                mtcnn.detect(frame.to_ndarray(format="rgb24"), landmarks=True)
                if count == num_frames:
                    return count
        return count

    serve(run)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
