"""The exact detector: the whole cascade on every frame. Slow, and what the other is held to."""

from collections.abc import Iterable, Iterator
from typing import Final

from core.frames import Frame
from fer_model.cascade.cascade import Cascade
from fer_model.detection.detector import SearchedFrame
from fer_model.detection.shots import Shots

#: Pixels of source frames held at once: eight frames of 640x360, one of 1080p. Bounds memory on any video.
BATCH_PIXELS: Final = 8 * 640 * 360


class ExactDetector:
    """Searches every frame as a whole; nothing that it finds depends on another frame."""

    def __init__(self, cascade: Cascade) -> None:
        self._cascade = cascade

    def search(self, frames: Iterable[Frame]) -> Iterator[list[SearchedFrame]]:
        """Search the frames of a chunk; see `Detector`."""
        shots = Shots()
        for batch in _batches(frames):
            found = iter(self._cascade.detect([frame.image for frame in batch if frame.image is not None]))
            yield [
                SearchedFrame(
                    frame=frame,
                    faces=next(found) if frame.image is not None else (),
                    begins_shot=shots.begins(frame.image),
                )
                for frame in batch
            ]


def _batches(frames: Iterable[Frame]) -> Iterator[list[Frame]]:
    """Group consecutive frames up to BATCH_PIXELS; the grouping depends on the frames alone."""
    batch: list[Frame] = []
    num_pixels = 0
    for frame in frames:
        if batch and num_pixels + frame.num_pixels > BATCH_PIXELS:
            yield batch
            batch, num_pixels = [], 0
        batch.append(frame)
        num_pixels += frame.num_pixels
    if batch:
        yield batch
