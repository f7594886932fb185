"""Which frames of a chunk are searched as a whole: key frames, with intervals between. Knows frames, no faces.

Not a video's own key frames: those are the encoder's affair, and may be minutes apart.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from core.frames import Frame
from fer_model.detection.shots import Shots

#: Between one key frame and the next lie at most so many frames, less one, and at most so much time: heads do not
#: move far in it, but who comes and goes within it may be missed.
MAX_FRAMES: Final = 24
MAX_US: Final = 800_000

#: Pixels of source frames in one interval (three bytes each, 80 MB): twelve frames of 1080p. Twice as many are held.
MAX_PIXELS: Final = 26 * 1024 * 1024

#: Intervals that are searched together: so many at most, and no more pixels than an interval may have.
MAX_GROUP_INTERVALS: Final = 8


@dataclass(frozen=True, kw_only=True)
class Interval:
    """The frames after a key frame up to the next: the last one, and only that, is a key frame."""

    frames: tuple[Frame, ...]
    begins_shot: bool  # a single frame, which has nothing to do with the one before

    @property
    def key(self) -> Frame:
        """The frame that is searched as a whole."""
        return self.frames[-1]


def intervals(frames: Iterable[Frame]) -> Iterator[Interval]:
    """Cut the frames of a chunk into intervals; a shot's first and last frames are key frames."""
    shots = Shots()
    waiting: list[Frame] = []
    key_pts_us = 0
    for frame in frames:
        if shots.begins(frame.image):
            if waiting:
                yield Interval(frames=tuple(waiting), begins_shot=False)
            yield Interval(frames=(frame,), begins_shot=True)
            waiting, key_pts_us = [], frame.pts_us
            continue
        waiting.append(frame)
        num_pixels = sum(held.num_pixels for held in waiting) + frame.num_pixels  # with the one that is still to come
        if len(waiting) == MAX_FRAMES or frame.pts_us - key_pts_us >= MAX_US or num_pixels > MAX_PIXELS:
            yield Interval(frames=tuple(waiting), begins_shot=False)
            waiting, key_pts_us = [], frame.pts_us
    if waiting:
        yield Interval(frames=tuple(waiting), begins_shot=False)


def groups(of: Iterable[Interval]) -> Iterator[list[Interval]]:
    """Group consecutive intervals; the grouping depends on the frames alone."""
    group: list[Interval] = []
    num_pixels = 0
    for interval in of:
        size = sum(frame.num_pixels for frame in interval.frames)
        if len(group) == MAX_GROUP_INTERVALS or (group and num_pixels + size > MAX_PIXELS):
            yield group
            group, num_pixels = [], 0
        group.append(interval)
        num_pixels += size
    if group:
        yield group
