"""Searches whole pictures with MTCNN's cascade: the faces that facenet-pytorch finds.

Pictures of one size, and the candidates of all of them, go through the networks together in calls of bounded size.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from core.frames import Face, RgbImage
from fer_model.cascade.candidates import Candidates, candidates_within, joined, squared
from fer_model.cascade.cascade_networks import CascadeNetworks, HeldPictures
from fer_model.cascade.judging import OVERLAP, Sighting, judge
from fer_model.cascade.pyramid import PNET_WINDOW_PX, Level, cut_level, plan_levels
from fer_model.cascade.suppression import suppress_by_union

#: Face probability that a candidate needs to pass R-Net; P-Net's is cascade_networks.PNET_THRESHOLD, O-Net's
#: judging.ONET_THRESHOLD.
RNET_THRESHOLD: Final = 0.7

#: Overlap beyond which the weaker of two candidates goes, within a level of the pyramid; elsewhere: judging.OVERLAP.
LEVEL_OVERLAP: Final = 0.5

#: Source pixels whose integral images are held at once (16 bytes each: 67 MB); a larger frame goes alone.
MAX_BATCH_PX: Final = 4 * 1024 * 1024


class Cascade:
    """The three networks in a row; nothing is remembered between pictures."""

    def __init__(self, networks: CascadeNetworks, *, min_face_px: int = 40) -> None:
        if min_face_px < PNET_WINDOW_PX:
            raise ValueError(f"min_face_px must be at least {PNET_WINDOW_PX}, got {min_face_px}")
        self._networks = networks
        self._min_face_px = min_face_px

    def detect(self, images: Sequence[RgbImage]) -> list[tuple[Face, ...]]:
        """Find the faces of each image: largest first, ties by x1; an empty tuple where nobody is."""
        return [tuple(sighting.face for sighting in of_image) for of_image in self.sight(images)]

    def sight(self, images: Sequence[RgbImage]) -> list[tuple[Sighting, ...]]:
        """Do as `detect`, and tell where O-Net looked. Sizes of images may differ."""
        found: list[tuple[Sighting, ...]] = [()] * len(images)
        for batch in batches_of_one_size(images):
            levels = plan_levels(images[batch[0]].shape[:2], self._min_face_px)
            if not levels:
                continue
            pictures = self._networks.hold([images[position] for position in batch])
            candidates = _refine(pictures, _propose(pictures, levels))
            for position, sightings in zip(batch, _decide(pictures, candidates), strict=True):
                found[position] = sightings
        return found


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


def _propose(pictures: HeldPictures, levels: Sequence[Level]) -> Candidates:
    """Search every level with P-Net: square candidates."""
    of_levels = []
    for level in levels:
        parts = cut_level(level, pictures.num_images)
        of_levels.append(_best_by_union(joined([pictures.propose(level, part) for part in parts]), LEVEL_OVERLAP))
    candidates = _best_by_union(joined(of_levels), OVERLAP)
    return replace(candidates, boxes=squared(candidates.moved(extra_px=0)))


def _refine(pictures: HeldPictures, candidates: Candidates) -> Candidates:
    """Judge candidates with R-Net: fewer, square, better placed."""
    candidates, windows = candidates_within(candidates, pictures.size_px)
    answers = pictures.refine(candidates.image_index, windows)
    candidates = replace(candidates, scores=answers.scores, offsets=answers.offsets)
    candidates = candidates.take(np.flatnonzero(answers.scores > RNET_THRESHOLD))
    candidates = _best_by_union(candidates, OVERLAP)
    return replace(candidates, boxes=squared(candidates.moved(extra_px=1)))


def _decide(pictures: HeldPictures, candidates: Candidates) -> list[tuple[Sighting, ...]]:
    """Judge candidates with O-Net: the faces of each picture, with landmarks."""
    candidates, windows = candidates_within(candidates, pictures.size_px)
    answers = pictures.decide(candidates.image_index, windows)
    return judge(candidates, answers).sightings(num_images=pictures.num_images)


def _best_by_union(candidates: Candidates, threshold: float) -> Candidates:
    kept = suppress_by_union(candidates.boxes, candidates.scores, candidates.image_index, threshold)
    return candidates.take(kept)
