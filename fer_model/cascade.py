"""Searches whole pictures with MTCNN's cascade: the faces that facenet-pytorch finds.

Pictures of one size, and the candidates of all of them, go through the networks together in calls of bounded size.
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
from fer_model.judging import MAX_ONET_CALL, ONET_SIDE_PX, OVERLAP, Sighting, judge, normalised, outputs
from fer_model.mtcnn_networks import CascadeNetworks
from fer_model.pyramid import PNET_STRIDE_PX, PNET_WINDOW_PX, Level, LevelPart, cut_level, plan_levels
from fer_model.suppression import suppress_by_union

#: Face probability that a candidate needs to pass P- and R-Net; O-Net's is judging.ONET_THRESHOLD.
PNET_THRESHOLD: Final = 0.6
RNET_THRESHOLD: Final = 0.7

#: Overlap beyond which the weaker of two candidates goes, within a level of the pyramid; elsewhere: judging.OVERLAP.
LEVEL_OVERLAP: Final = 0.5

#: Side of the pictures that R-Net sees.
RNET_SIDE_PX: Final = 24

#: Candidates of one call, for the reason given at pyramid.MAX_PNET_CALL_PX.
MAX_RNET_CALL: Final = 64

#: Source pixels whose integral images are held at once (12 bytes each: 50 MB); a larger frame goes alone.
MAX_BATCH_PX: Final = 4 * 1024 * 1024


class Cascade:
    """The three networks in a row; nothing is remembered between pictures."""

    def __init__(self, networks: CascadeNetworks, *, min_face_px: int = 40) -> None:
        if min_face_px < PNET_WINDOW_PX:
            raise ValueError(f"min_face_px must be at least {PNET_WINDOW_PX}, got {min_face_px}")
        self._networks = networks
        self._integral_images = IntegralImages(networks.device)
        self._min_face_px = min_face_px

    def detect(self, images: Sequence[RgbImage]) -> list[tuple[Face, ...]]:
        """Find the faces of each image: largest first, ties by x1; an empty tuple where nobody is."""
        return [tuple(sighting.face for sighting in of_image) for of_image in self.sight(images)]

    @torch.inference_mode()
    def sight(self, images: Sequence[RgbImage]) -> list[tuple[Sighting, ...]]:
        """Do as `detect`, and tell where O-Net looked. Sizes of images may differ."""
        found: list[tuple[Sighting, ...]] = [()] * len(images)
        for batch in batches_of_one_size(images):
            levels = plan_levels(images[batch[0]].shape[:2], self._min_face_px)
            if not levels:
                continue
            integrals = self._integral_images.of([images[position] for position in batch])
            candidates = self._refine(integrals, self._propose(integrals, levels))
            for position, sightings in zip(batch, self._decide(integrals, candidates), strict=True):
                found[position] = sightings
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
        scores, offsets = outputs(self._networks.rnet, pictures)  # (K,), (K, 4)
        candidates = replace(candidates, scores=scores, offsets=offsets)
        candidates = candidates.take(np.flatnonzero(scores > RNET_THRESHOLD))
        candidates = _best_by_union(candidates, OVERLAP)
        return replace(candidates, boxes=squared(candidates.moved(extra_px=1)))

    def _decide(self, integrals: Tensor, candidates: Candidates) -> list[tuple[Sighting, ...]]:
        """Judge candidates with O-Net: the faces of each picture, with landmarks."""
        candidates, pictures = cut_out(integrals, candidates, ONET_SIDE_PX, MAX_ONET_CALL)
        return judge(self._networks.onet, candidates, pictures).sightings(num_images=len(integrals))


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
