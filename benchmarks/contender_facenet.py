"""facenet-pytorch's MTCNN on every frame, decoding included, nothing classified. `... CLIP NUM_FRAMES MIN_FACE_PX`."""

import sys

import torch
from facenet_pytorch import MTCNN

from benchmarks.contender import serve
from benchmarks.contender_decode import pictures


def main(path: str, num_frames: int, min_face_px: int) -> None:
    """Find the faces of the first frames of a clip."""
    torch.set_num_threads(1)
    mtcnn = MTCNN(min_face_size=min_face_px, keep_all=True, device="cpu")
    serve(lambda: sum(1 for picture in pictures(path, num_frames) if mtcnn.detect(picture, landmarks=True)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
