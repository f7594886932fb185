"""READ FIRST: frames of one chunk in, observations out. Knows no SQL, no Redis, no file and no network by name.

Frames come in presentation order; a few at a time are searched for faces, their crops classified together, and one
observation a frame goes out in the same order, whatever the frame showed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from core.frames import Face, Frame, FrameStatus, RgbImage
from core.observations import FaceObservation, FrameObservation, Reading
from fer_model.classifier import Classifier
from fer_model.crop import crop_faces, sharpness
from fer_model.detector import Detector

#: Pixels of source frames held at once: eight frames of 640x360, one of 1080p. Bounds memory on any video.
BATCH_PIXELS: Final = 8 * 640 * 360

_BOX_DECIMALS: Final = 2  # hundredths of a pixel
_SCORE_DECIMALS: Final = 6
_BLUR_DECIMALS: Final = 2


@dataclass(frozen=True, kw_only=True)
class Analyser:
    """What looks at frames: built once per process by whoever composes it."""

    detector: Detector
    classifier: Classifier
    min_score: float  # 0..1, faces that the detector is less sure of are left out
    keep_landmarks: bool = False

    def analyse(self, frames: Iterable[Frame]) -> Iterator[FrameObservation]:
        """Observe every frame of a span, in order."""
        for batch in _batches(frames):
            yield from self._observe(batch)

    def find_and_read(self, images: list[RgbImage]) -> list[tuple[FaceObservation, ...]]:
        """Find and read the faces of some pictures: one tuple a picture, empty where nobody is."""
        faces_of = [self._sure(faces) for faces in self.detector.detect(images)]
        crops_of = [crop_faces(image, faces) for image, faces in zip(images, faces_of, strict=True)]
        readings = self.classifier.classify(np.concatenate(crops_of)) if images else []
        found = []
        for faces, crops in zip(faces_of, crops_of, strict=True):
            mine, readings = readings[: len(faces)], readings[len(faces) :]
            found.append(
                tuple(
                    self._face_row(face_index, face, reading, sharpness(crop))
                    for face_index, (face, reading, crop) in enumerate(zip(faces, mine, crops, strict=True))
                )
            )
        return found

    def _observe(self, batch: list[Frame]) -> Iterator[FrameObservation]:
        found = iter(self.find_and_read([frame.image for frame in batch if frame.image is not None]))
        for frame in batch:
            faces = next(found) if frame.image is not None else ()
            status = FrameStatus.FACE if faces else FrameStatus.NO_FACE
            yield FrameObservation(
                frame_index=frame.frame_index,
                pts_us=frame.pts_us,
                status=FrameStatus.UNDECODABLE if frame.image is None else status,
                faces=faces,
            )

    def _sure(self, faces: tuple[Face, ...]) -> tuple[Face, ...]:
        return tuple(face for face in faces if face.score >= self.min_score)

    def _face_row(self, face_index: int, face: Face, reading: Reading, blur: float) -> FaceObservation:
        """Round what is stored, far below its error, so that rows are short and equal wherever they were computed."""
        x1, y1, x2, y2 = (round(float(value), _BOX_DECIMALS) for value in face.box)
        points = tuple((round(float(x), _BOX_DECIMALS), round(float(y), _BOX_DECIMALS)) for x, y in face.landmarks)
        return FaceObservation(
            face_index=face_index,
            face=replace(
                face,
                box=(x1, y1, x2, y2),
                score=round(float(face.score), _SCORE_DECIMALS),
                landmarks=points if self.keep_landmarks else (),
            ),
            reading=reading,
            face_px=round(y2 - y1, _BOX_DECIMALS),
            blur=round(blur, _BLUR_DECIMALS),
        )


def _batches(frames: Iterable[Frame]) -> Iterator[list[Frame]]:
    """Group consecutive frames up to BATCH_PIXELS; the grouping depends on the frames alone."""
    batch: list[Frame] = []
    num_pixels = 0
    for frame in frames:
        size = frame.image.shape[0] * frame.image.shape[1] if frame.image is not None else 0
        if batch and num_pixels + size > BATCH_PIXELS:
            yield batch
            batch, num_pixels = [], 0
        batch.append(frame)
        num_pixels += size
    if batch:
        yield batch
