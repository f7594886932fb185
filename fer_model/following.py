"""The fast detector: the whole cascade on key frames; between them, faces are followed and O-Net alone judges them.

A face found at both ends of an interval is looked for on the straight line between, all of its frames at once. One that
is found at one end only, or is not where it was looked for, is followed from frame to frame until O-Net says no.
Nothing is made up: what O-Net does not confirm in a frame is not in that frame.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch

from core.frames import Frame
from fer_model.cascade import Cascade
from fer_model.detector import SearchedFrame
from fer_model.intervals import intervals
from fer_model.judging import Sighting, distinct
from fer_model.mtcnn_networks import CascadeNetworks
from fer_model.suppression import FloatArray
from fer_model.trails import Trail, trails_between
from fer_model.windows import judge_windows

#: An interval whose key frames do not show the same faces, or that loses one, is split by a key frame in its middle: so
#: often at most, and not when it is too short.
MAX_SPLITS: Final = 2
MIN_SPLIT_FRAMES: Final = 3


@dataclass(frozen=True, kw_only=True)
class _Look:
    """A face that is looked for in a frame."""

    trail: Trail
    position: int  # of the frame in the trail
    window: FloatArray  # (4,)


Sightings = tuple[Sighting, ...]


class FollowingDetector:
    """Searches key frames as a whole and follows faces between them; see `Detector`."""

    def __init__(self, cascade: Cascade, networks: CascadeNetworks) -> None:
        self._cascade = cascade
        self._networks = networks

    @torch.inference_mode()
    def search(self, frames: Iterable[Frame]) -> Iterator[list[SearchedFrame]]:
        """Search the frames of a chunk, interval by interval."""
        left: Sightings = ()
        for interval in intervals(frames):
            right = self._search(interval.key)
            between = self._between(left, interval.frames[:-1], right)
            yield [
                SearchedFrame(
                    frame=frame,
                    faces=tuple(sighting.face for sighting in sightings),
                    begins_shot=interval.begins_shot,
                )
                for frame, sightings in zip(interval.frames, [*between, right], strict=True)
            ]
            left = right

    def _between(
        self, left: Sightings, frames: Sequence[Frame], right: Sightings, *, num_splits: int = MAX_SPLITS
    ) -> list[Sightings]:
        """Return who is seen in each of the frames between two key frames, given who is seen in those."""
        trails = trails_between(left, right, len(frames))
        may_split = num_splits > 0 and len(frames) >= MIN_SPLIT_FRAMES
        if not (may_split and any(trail.has_open_end for trail in trails)):
            positions = range(1, len(frames) + 1)
            self._look(((trail, at, trail.on_the_line(at)) for trail in trails for at in positions), frames)
            if not (may_split and any(trail.has_gap for trail in trails)):
                return self._followed(trails, frames)
        middle = len(frames) // 2
        key = self._search(frames[middle])
        before = self._between(left, frames[:middle], key, num_splits=num_splits - 1)
        after = self._between(key, frames[middle + 1 :], right, num_splits=num_splits - 1)
        return [*before, key, *after]

    def _followed(self, trails: Sequence[Trail], frames: Sequence[Frame]) -> list[Sightings]:
        """Fill the gaps of trails, from the frame before and then from the one after, until O-Net says no."""
        positions = range(1, len(frames) + 1)
        for step, order in ((1, positions), (-1, reversed(positions))):
            for at in order:
                self._look(((trail, at, trail.beside(at, step)) for trail in trails), frames)
        return [distinct([seen for trail in trails if (seen := trail[at])]) for at in positions]

    def _search(self, frame: Frame) -> Sightings:
        """Search a frame as a whole."""
        return self._cascade.sight([frame.image])[0] if frame.image is not None else ()

    def _look(self, where: Iterable[tuple[Trail, int, FloatArray | None]], frames: Sequence[Frame]) -> None:
        """Show O-Net some windows at once, and let the trails see what is a face."""
        looks = [_Look(trail=trail, position=at, window=window) for trail, at, window in where if window is not None]
        if not looks:
            return
        judged = judge_windows(
            self._networks,
            [frame.image for frame in frames if frame.image is not None],  # every one: others begin a shot
            np.array([look.position - 1 for look in looks]),
            np.stack([look.window for look in looks]),
        )
        for look, sighting in zip(looks, judged, strict=True):
            if sighting is not None:
                look.trail.see(look.position, sighting)
