"""Finds faces with MTCNN's whole cascade on every frame: the exact detector, equal to facenet-pytorch's.

Frames of one size, and the candidates of all of them, go through the networks together in calls of bounded size.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import torch
from torch import Tensor

from core.frames import Face, RgbImage
from fer_model.area_sampling import IntegralImages, crop, resize
from fer_model.candidates import Candidates, boxes_of_windows, joined, squared, windows_within
from fer_model.mtcnn_networks import CascadeNetworks, ONet, RNet
from fer_model.pyramid import PNET_STRIDE_PX, PNET_WINDOW_PX, Level, LevelPart, cut_level, plan_levels
from fer_model.suppression import FloatArray, suppress_by_smaller, suppress_by_union

#: Face probability that a candidate needs to pass P-, R- and O-Net.
PNET_THRESHOLD: Final = 0.6
RNET_THRESHOLD: Final = 0.7
ONET_THRESHOLD: Final = 0.7

#: Overlap beyond which the weaker of two candidates goes: within a level of the pyramid, and everywhere else.
LEVEL_OVERLAP: Final = 0.5
OVERLAP: Final = 0.7

#: Sides of the pictures that R- and O-Net see.
RNET_SIDE_PX: Final = 24
ONET_SIDE_PX: Final = 48

#: Candidates of one call, for the reason given at pyramid.MAX_PNET_CALL_PX.
MAX_RNET_CALL: Final = 64
MAX_ONET_CALL: Final = 16

#: Source pixels whose integral images are held at once (12 bytes each: 50 MB); a larger frame goes alone.
MAX_BATCH_PX: Final = 4 * 1024 * 1024


class CascadeDetector:
    """The exact `Detector`: every frame is searched as a whole, and nothing is remembered between frames."""

    def __init__(self, networks: CascadeNetworks, *, min_face_px: int = 40) -> None:
        if min_face_px < PNET_WINDOW_PX:
            raise ValueError(f"min_face_px must be at least {PNET_WINDOW_PX}, got {min_face_px}")
        self._networks = networks
        self._integral_images = IntegralImages(networks.device)
        self._min_face_px = min_face_px

    @torch.inference_mode()
    def detect(self, images: Sequence[RgbImage]) -> list[tuple[Face, ...]]:
        """Find the faces of each image: largest first, ties by x1; an empty tuple where nobody is."""
        found: list[tuple[Face, ...]] = [()] * len(images)
        for batch in batches_of_one_size(images):
            levels = plan_levels(images[batch[0]].shape[:2], self._min_face_px)
            if not levels:
                continue
            integrals = self._integral_images.of([images[position] for position in batch])
            candidates = self._refine(integrals, self._propose(integrals, levels))
            for position, faces in zip(batch, self._decide(integrals, candidates), strict=True):
                found[position] = faces
        return found

    def _propose(self, integrals: Tensor, levels: Sequence[Level]) -> Candidates:
        """Search every level with P-Net: square candidates."""
        of_levels = []
        for level in levels:
            of_level = joined([self._search(integrals, level, part) for part in cut_level(level, len(integrals))])
            of_levels.append(_best_by_union(of_level, LEVEL_OVERLAP))
        candidates = _best_by_union(joined(of_levels), OVERLAP)
        return replace(candidates, boxes=squared(candidates.moved(extra_px=0)))

    def _search(self, integrals: Tensor, level: Level, part: LevelPart) -> Candidates:
        """Search some rows of a level of some pictures with P-Net."""
        some = integrals[part.images.start : part.images.stop]
        grey_levels = resize(some, (level.height_px, level.width_px), part.rows)  # (n, 3, rows, width)
        probs, features = self._networks.pnet(normalised(grey_levels))  # (n, h, w), (n, h, w, 32)
        image_index, row, column = torch.nonzero(probs >= PNET_THRESHOLD, as_tuple=True)  # 3 x (K,)
        offsets = self._networks.pnet.offsets(features[image_index, row, column])
        first_row = part.rows.start // PNET_STRIDE_PX
        return Candidates(
            image_index=image_index.numpy(force=True) + part.images.start,
            boxes=boxes_of_windows(row.numpy(force=True) + first_row, column.numpy(force=True), level.scale),
            scores=probs[image_index, row, column].numpy(force=True),
            offsets=offsets.numpy(force=True),
        )

    def _refine(self, integrals: Tensor, candidates: Candidates) -> Candidates:
        """Judge candidates with R-Net: fewer, square, better placed."""
        candidates, pictures = cut_out(integrals, candidates, RNET_SIDE_PX, MAX_RNET_CALL)
        scores, offsets = _outputs(self._networks.rnet, pictures)  # (K,), (K, 4)
        candidates = replace(candidates, scores=scores, offsets=offsets)
        candidates = candidates.take(np.flatnonzero(scores > RNET_THRESHOLD))
        candidates = _best_by_union(candidates, OVERLAP)
        return replace(candidates, boxes=squared(candidates.moved(extra_px=1)))

    def _decide(self, integrals: Tensor, candidates: Candidates) -> list[tuple[Face, ...]]:
        """Judge candidates with O-Net: the faces of each picture, with landmarks."""
        candidates, pictures = cut_out(integrals, candidates, ONET_SIDE_PX, MAX_ONET_CALL)
        scores, offsets, landmarks = _outputs(self._networks.onet, pictures)  # (K,), (K, 4), (K, 10)
        candidates = replace(candidates, scores=scores, offsets=offsets)
        passed = np.flatnonzero(scores > ONET_THRESHOLD)
        candidates, points = candidates.take(passed), points_of_landmarks(candidates.boxes, landmarks)[passed]
        candidates = replace(candidates, boxes=candidates.moved(extra_px=1))
        kept = suppress_by_smaller(candidates.boxes, candidates.scores, candidates.image_index, OVERLAP)
        faces: list[list[Face]] = [[] for _ in range(len(integrals))]
        for k in kept:
            faces[candidates.image_index[k]].append(_face(candidates.boxes[k], candidates.scores[k], points[k]))
        return [tuple(sorted(of_image, key=_largest_first)) for of_image in faces]


def batches_of_one_size(images: Sequence[RgbImage]) -> Iterator[list[int]]:
    """Group the positions of images by their size, in batches of at most MAX_BATCH_PX or one image."""
    positions_of_shape: dict[tuple[int, ...], list[int]] = {}
    for position, image in enumerate(images):
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
            raise ValueError(f"expected an (H, W, 3) uint8 image, got {image.shape} {image.dtype}")
        positions_of_shape.setdefault(image.shape, []).append(position)
    for (height, width, _), positions in positions_of_shape.items():
        length = max(1, MAX_BATCH_PX // max(1, height * width))
        for start in range(0, len(positions), length):
            yield positions[start : start + length]


def normalised(grey_levels: Tensor) -> Tensor:
    """Bring grey levels 0..255 to the range that the networks were trained on, about -1..1."""
    return (grey_levels - 127.5) * 0.0078125


def points_of_landmarks(boxes: FloatArray, landmarks: FloatArray) -> FloatArray:
    """Place landmarks (K, 10), five x then five y in sides of the box, in the source picture: (K, 5, 2) px."""
    sides = boxes[:, 2:] - boxes[:, :2] + 1  # (K, 2)
    return landmarks.reshape(-1, 2, 5).transpose(0, 2, 1) * sides[:, None, :] + boxes[:, None, :2] - 1


def _best_by_union(candidates: Candidates, threshold: float) -> Candidates:
    kept = suppress_by_union(candidates.boxes, candidates.scores, candidates.image_index, threshold)
    return candidates.take(kept)


def cut_out(
    integrals: Tensor, candidates: Candidates, side_px: int, num_per_call: int
) -> tuple[Candidates, Iterator[Tensor]]:
    """Drop candidates wholly outside their picture; cut out the others for a network, some at a time."""
    _, num_rows, num_columns, _ = integrals.shape
    windows = windows_within(candidates.boxes, (num_rows - 1, num_columns - 1))
    inside = np.flatnonzero((windows[:, 2:] > windows[:, :2]).all(axis=1))
    candidates = candidates.take(inside)
    image_index = torch.from_numpy(candidates.image_index).to(integrals.device)
    window = torch.from_numpy(windows[inside]).to(integrals.device)

    def pictures() -> Iterator[Tensor]:
        for start in range(0, max(1, len(candidates)), num_per_call):  # at least one, perhaps of no picture
            call = slice(start, start + num_per_call)
            yield normalised(crop(integrals, image_index[call], window[call], side_px))

    return candidates, pictures()


def _outputs(network: RNet | ONet, pictures: Iterator[Tensor]) -> list[FloatArray]:
    """Run a network on all pictures: each of its outputs, joined over the calls."""
    calls = [network(some) for some in pictures]
    return [torch.cat(output).numpy(force=True) for output in zip(*calls, strict=True)]


def _face(box: FloatArray, score: np.float32, points: FloatArray) -> Face:
    x1, y1, x2, y2 = box.tolist()
    return Face(box=(x1, y1, x2, y2), score=float(score), landmarks=tuple((x, y) for x, y in points.tolist()))


def _largest_first(face: Face) -> tuple[float, float]:
    x1, y1, x2, y2 = face.box
    return -(x2 - x1) * (y2 - y1), x1
