"""The fast detector: the whole cascade on key frames; between them, faces are followed and O-Net alone judges them.

A face found at both ends of a gap between key frames is looked for on the straight line between. Where the ends do not
show the same faces, or one is lost on the way, a key frame in the middle parts the gap; what is still open after two
such splits is followed from frame to frame until O-Net says no. Nothing is made up: what O-Net does not confirm in a
frame is not in that frame. Several gaps are worked on at once, since networks are quicker that way.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from core.frames import Frame, RgbImage
from fer_model.cascade.cascade import Cascade
from fer_model.cascade.cascade_networks import CascadeNetworks
from fer_model.cascade.judging import Sighting, distinct
from fer_model.cascade.suppression import FloatArray
from fer_model.cascade.windows import judge_windows
from fer_model.detection.detector import SearchedFrame
from fer_model.detection.intervals import Interval, groups, intervals
from fer_model.detection.trails import Trail, trails_between

#: How often a gap may be halved, and how many frames it must have.
MAX_SPLITS: Final = 2
MIN_SPLIT_FRAMES: Final = 3

Sightings = tuple[Sighting, ...]

#: The key frame before a group of frames, by its position among them.
_BEFORE: Final = -1


@dataclass(frozen=True, kw_only=True)
class _Gap:
    """Frames between two key frames, by their positions in the group, and who may be seen in them."""

    positions: range
    trails: list[Trail]
    can_split: bool

    @property
    def has_stranger(self) -> bool:
        """Whether a face is seen at one end only."""
        return any(trail.has_open_end for trail in self.trails)

    @property
    def is_to_be_split(self) -> bool:
        """Whether a face is missing somewhere, and a key frame may tell more."""
        return self.can_split and any(trail.has_gap for trail in self.trails)


@dataclass(frozen=True, kw_only=True)
class _Look:
    """A face that is looked for in a frame."""

    trail: Trail
    step: int  # of the trail
    position: int  # of the frame
    window: FloatArray  # (4,)


class FollowingDetector:
    """Searches key frames as a whole and follows faces between them; see `Detector`."""

    def __init__(self, cascade: Cascade, networks: CascadeNetworks) -> None:
        self._cascade = cascade
        self._networks = networks

    def search(self, frames: Iterable[Frame]) -> Iterator[list[SearchedFrame]]:
        """Search the frames of a chunk, a group of intervals at a time."""
        before: Sightings = ()
        for group in groups(intervals(frames)):
            seen = self._see(before, group)
            given = [(frame, interval.begins_shot) for interval in group for frame in interval.frames]
            yield [
                SearchedFrame(frame=frame, faces=tuple(sighting.face for sighting in mine), begins_shot=begins_shot)
                for (frame, begins_shot), mine in zip(given, seen, strict=True)
            ]
            before = seen[-1]

    def _see(self, before: Sightings, group: Sequence[Interval]) -> list[Sightings]:
        """Return who is seen in each frame of a group; `before` is who was seen in the last frame before it."""
        images = [frame.image for interval in group for frame in interval.frames]
        keys = [int(end) - 1 for end in np.cumsum([len(interval.frames) for interval in group])]
        seen: dict[int, Sightings] = {_BEFORE: before}
        self._search(keys, images, seen)
        gaps = [range(left + 1, right) for left, right in pairwise([_BEFORE, *keys]) if right - left > 1]
        for num_splits in range(MAX_SPLITS, -1, -1):
            gaps = self._fill(gaps, images, seen, may_split=num_splits > 0)
        return [seen[position] for position in range(len(images))]

    def _fill(
        self, gaps: Iterable[range], images: Sequence[RgbImage | None], seen: dict[int, Sightings], *, may_split: bool
    ) -> list[range]:
        """Fill the gaps that can be; put a key frame into the middle of the others, and return what is left of them."""
        entered = [
            _Gap(
                positions=gap,
                trails=trails_between(seen[gap.start - 1], seen[gap.stop], len(gap)),
                can_split=may_split and len(gap) >= MIN_SPLIT_FRAMES,
            )
            for gap in gaps
        ]
        self._look_on_the_line([gap for gap in entered if not (gap.can_split and gap.has_stranger)], images)
        split = [gap for gap in entered if gap.is_to_be_split]
        filled = [gap for gap in entered if not gap.is_to_be_split]
        self._follow(filled, images)
        for gap in filled:
            for step, position in enumerate(gap.positions, start=1):
                seen[position] = distinct([sighting for trail in gap.trails if (sighting := trail[step])])
        middles = [gap.positions[len(gap.positions) // 2] for gap in split]
        self._search(middles, images, seen)
        halves = [
            half
            for gap, middle in zip(split, middles, strict=True)
            for half in (range(gap.positions.start, middle), range(middle + 1, gap.positions.stop))
        ]
        return [half for half in halves if half]

    def _search(self, positions: Sequence[int], images: Sequence[RgbImage | None], seen: dict[int, Sightings]) -> None:
        """Search frames as a whole; nobody is seen in one that is undecodable."""
        decoded = [(position, image) for position in positions if (image := images[position]) is not None]
        seen |= dict.fromkeys(positions, ())
        found = self._cascade.sight([image for _, image in decoded])
        seen |= {position: sightings for (position, _), sightings in zip(decoded, found, strict=True)}

    def _look_on_the_line(self, gaps: Iterable[_Gap], images: Sequence[RgbImage | None]) -> None:
        """Look for the faces that both ends of their gap show, in all frames of all gaps at once."""
        self._look(
            [
                _Look(trail=trail, step=step, position=position, window=window)
                for gap in gaps
                for trail in gap.trails
                for step, position in enumerate(gap.positions, start=1)
                if (window := trail.on_the_line(step)) is not None
            ],
            images,
        )

    def _follow(self, gaps: Sequence[_Gap], images: Sequence[RgbImage | None]) -> None:
        """Fill what is open from the frame before, then from the one after, frame by frame, until O-Net says no."""
        longest = max((len(gap.positions) for gap in gaps), default=0)
        forwards, backwards = range(longest), range(longest - 1, -1, -1)
        for direction, order in ((1, forwards), (-1, backwards)):
            for index in order:
                self._look(
                    [
                        _Look(trail=trail, step=index + 1, position=gap.positions[index], window=window)
                        for gap in gaps
                        if index < len(gap.positions)
                        for trail in gap.trails
                        if (window := trail.beside(index + 1, direction)) is not None
                    ],
                    images,
                )

    def _look(self, looks: Sequence[_Look], images: Sequence[RgbImage | None]) -> None:
        """Show O-Net some windows, and let the trails see what is a face."""
        if not looks:
            return
        judged = judge_windows(
            self._networks,
            images,
            np.array([look.position for look in looks]),
            np.stack([look.window for look in looks]),
        )
        for look, sighting in zip(looks, judged, strict=True):
            if sighting is not None:
                look.trail.see(look.step, sighting)
