"""The cascade's last word: what O-Net says of windows, wherever they come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.frames import Face
from fer_model.cascade.candidates import Candidates
from fer_model.cascade.cascade_networks import Answers
from fer_model.cascade.suppression import FloatArray, IndexArray, suppress_by_smaller

#: Face probability that a window needs.
ONET_THRESHOLD: Final = 0.7

#: Share of the smaller box beyond which the weaker of two faces goes.
OVERLAP: Final = 0.7


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """A face, and where O-Net was shown it: the face may be looked for there in the frames beside."""

    face: Face
    window: FloatArray  # (4,) x1, y1, x2, y2 px of the source picture, a square


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What O-Net says of K windows."""

    image_index: IndexArray  # (K,) which picture
    windows: FloatArray  # (K, 4) as shown
    boxes: FloatArray  # (K, 4) x1, y1, x2, y2 px of the source picture
    scores: FloatArray  # (K,) face probability, 0..1
    points: FloatArray  # (K, 5, 2) px of the source picture

    @property
    def are_faces(self) -> NDArray[np.bool_]:
        """(K,) whether a window shows a face."""
        return self.scores > ONET_THRESHOLD

    def sightings(self, *, num_images: int) -> list[tuple[Sighting, ...]]:
        """Return the faces of each picture, each once: largest first, ties by x1."""
        of_images: list[list[Sighting]] = [[] for _ in range(num_images)]
        for k in np.flatnonzero(self.are_faces).tolist():
            of_images[self.image_index[k]].append(self.sighting(k))
        return [distinct(of_image) for of_image in of_images]

    def sighting(self, k: int) -> Sighting:
        """Return what is seen in one of the windows."""
        x1, y1, x2, y2 = self.boxes[k].tolist()
        points = tuple((x, y) for x, y in self.points[k].tolist())
        face = Face(box=(x1, y1, x2, y2), score=float(self.scores[k]), landmarks=points)
        return Sighting(face=face, window=self.windows[k])


def distinct(sightings: Sequence[Sighting]) -> tuple[Sighting, ...]:
    """Keep one sighting of each face of a picture, the surest: largest first, ties by x1."""
    if len(sightings) < 2:
        return tuple(sightings)
    boxes = np.array([sighting.face.box for sighting in sightings], np.float32).reshape(-1, 4)
    scores = np.array([sighting.face.score for sighting in sightings], np.float32)
    kept = suppress_by_smaller(boxes, scores, np.zeros(len(sightings), np.int64), OVERLAP)
    return tuple(sorted((sightings[k] for k in kept), key=_largest_first))


def judge(windows: Candidates, answers: Answers) -> Judged:
    """Read what O-Net answered to K windows."""
    moved = Candidates(
        image_index=windows.image_index, boxes=windows.boxes, scores=answers.scores, offsets=answers.offsets
    )
    return Judged(
        image_index=windows.image_index,
        windows=windows.boxes,
        boxes=moved.moved(extra_px=1),
        scores=answers.scores,
        points=_points_of_landmarks(windows.boxes, answers.landmarks),
    )


def _points_of_landmarks(boxes: FloatArray, landmarks: FloatArray) -> FloatArray:
    """Place landmarks (K, 10), five x then five y in sides of the box, in the source picture: (K, 5, 2) px."""
    sides = boxes[:, 2:] - boxes[:, :2] + 1  # (K, 2)
    return landmarks.reshape(-1, 2, 5).transpose(0, 2, 1) * sides[:, None, :] + boxes[:, None, :2] - 1


def _largest_first(sighting: Sighting) -> tuple[float, float]:
    x1, y1, x2, y2 = sighting.face.box
    return -(x2 - x1) * (y2 - y1), x1
