"""The package `fer` on every frame, as its README says, in its own environment. `... CLIP NUM_FRAMES haar|mtcnn`."""

import sys

import cv2
from contender import serve  # beside this file: run as a script, with no package about it
from fer.fer import FER


def main(path: str, num_frames: int, mode: str) -> None:
    """Find and read the faces of the first frames of a clip."""
    cv2.setNumThreads(1)
    reader = FER(mtcnn=mode == "mtcnn")

    def run() -> int:
        clip = cv2.VideoCapture(path)
        count = 0
        while count < num_frames:
            is_there, frame = clip.read()
            if not is_there:
                break
            reader.detect_emotions(frame)
            count += 1
        clip.release()
        return count

    serve(run)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
