"""From found faces to what is stored of them: crops, readings, rounded numbers. Knows no video and no detector."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from core.frames import Face, RgbImage
from core.observations import FaceObservation, Reading
from fer_model.classification.classifier import Classifier
from fer_model.crop import crop_faces, sharpness

_BOX_DECIMALS: Final = 2  # hundredths of a pixel
_SCORE_DECIMALS: Final = 6
_BLUR_DECIMALS: Final = 2


@dataclass(frozen=True, kw_only=True)
class SeenFaces:
    """A picture with its faces, and their tracks: numbers, or None for a single picture."""

    image: RgbImage
    faces: tuple[Face, ...]
    tracks: tuple[int | None, ...]


@dataclass(frozen=True, kw_only=True)
class FaceReader:
    """Reads the faces of some pictures together, since a network is quicker that way."""

    classifier: Classifier
    keep_landmarks: bool = False

    def read(self, pictures: Sequence[SeenFaces]) -> list[tuple[FaceObservation, ...]]:
        """Read every face: one tuple a picture, empty where nobody is."""
        crops_of = [crop_faces(picture.image, picture.faces) for picture in pictures]
        readings = iter(self.classifier.classify(np.concatenate(crops_of)) if pictures else [])
        return [
            tuple(
                self._row(face_index, face, track, next(readings), sharpness(crop))
                for face_index, (face, track, crop) in enumerate(zip(picture.faces, picture.tracks, crops, strict=True))
            )
            for picture, crops in zip(pictures, crops_of, strict=True)
        ]

    def _row(self, face_index: int, face: Face, track: int | None, reading: Reading, blur: float) -> FaceObservation:
        """Round what is stored, far below its error, so that rows are short and equal wherever they were computed."""
        x1, y1, x2, y2 = (round(float(value), _BOX_DECIMALS) for value in face.box)
        points = tuple((round(float(x), _BOX_DECIMALS), round(float(y), _BOX_DECIMALS)) for x, y in face.landmarks)
        return FaceObservation(
            face_index=face_index,
            track=track,
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
