"""Compares our cascade with facenet-pytorch's MTCNN, in turns within one run: CPU milliseconds a frame, one thread.

python -m benchmarks.detector_speed [clip ...]     without a clip: a portrait from scikit-image
"""

import statistics
import sys
import time
from collections.abc import Callable

import av
import cv2
import numpy as np
import skimage.data
import torch
from facenet_pytorch import MTCNN

from core.frames import RgbImage
from fer_model.cascade.cascade import Cascade
from fer_model.cascade.graph_cascade import load_networks

NUM_ROUNDS = 7
NUM_FRAMES = 8
MIN_FACE_PX = 40


def sample_frames(path: str) -> list[RgbImage]:
    """Decode NUM_FRAMES frames spread over a clip."""
    with av.open(path) as container:
        num_packets = sum(packet.size > 0 for packet in container.demux(video=0))
        container.seek(0)
        step = max(1, num_packets // NUM_FRAMES)
        frames = enumerate(container.decode(video=0))
        return [frame.to_ndarray(format="rgb24") for index, frame in frames if index % step == 0][:NUM_FRAMES]


def portraits() -> list[RgbImage]:
    """Make 640x360 frames of a portrait that moves to the right."""
    portrait = np.zeros((360, 640, 3), np.uint8)
    portrait[:, 64:576] = skimage.data.astronaut()[:360]
    return [np.roll(portrait, 4 * index, axis=1) for index in range(NUM_FRAMES)]


def cpu_ms_per_frame(detect: Callable[[], object]) -> float:
    """Measure one round: CPU time of this thread, which other processes disturb least."""
    started = time.thread_time()
    detect()
    return (time.thread_time() - started) * 1000 / NUM_FRAMES


def compare(name: str, images: list[RgbImage]) -> None:
    """Print one line: both medians, and the median and range of the ratio of neighbouring rounds."""
    reference = MTCNN(min_face_size=MIN_FACE_PX, keep_all=True, device="cpu")
    detector = Cascade(load_networks(), min_face_px=MIN_FACE_PX)
    rounds = []
    for _ in range(NUM_ROUNDS + 1):
        theirs = cpu_ms_per_frame(lambda: [reference.detect(image, landmarks=True) for image in images])
        ours = cpu_ms_per_frame(lambda: detector.detect(images))
        rounds.append((theirs, ours))
    theirs_ms, ours_ms = (statistics.median(column) for column in zip(*rounds[1:], strict=True))  # the first warms up
    ratios = sorted(theirs / ours for theirs, ours in rounds[1:])
    size = f"{images[0].shape[1]}x{images[0].shape[0]}"
    spread = f"{statistics.median(ratios):.1f}  ({ratios[0]:.1f} to {ratios[-1]:.1f})"
    print(f"{name[:28]:28} {size:>10} {theirs_ms:14.1f} {ours_ms:10.1f}   {spread}")


def main(paths: list[str]) -> None:
    """Compare on each clip."""
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    print(
        f"CPU ms a frame, one thread, smallest face {MIN_FACE_PX} px, {NUM_FRAMES} frames, {NUM_ROUNDS} rounds in turns"
    )
    print(f"{'clip':28} {'size':>10} {'facenet ms':>14} {'ours ms':>10}   times as fast, median (range)")
    if not paths:
        compare("portrait", portraits())
    for path in paths:
        compare(path.rsplit("/", maxsplit=1)[-1], sample_frames(path))


if __name__ == "__main__":
    main(sys.argv[1:])
