"""Finds the frames before which a media may be cut. Pure: times in, cut points out."""

from bisect import bisect_left
from collections.abc import Sequence

from core.media import CutPoint

#: A group of pictures longer than this is cut inside: two minutes at 25 frames a second.
MAX_FRAMES_BETWEEN_CUTS = 3000

#: Key frames closer than this add nothing; without it, an all-intra file has as many cut points as frames.
MIN_FRAMES_BETWEEN_CUTS = 10


def find_cut_points(times_us: Sequence[int], key_times_us: Sequence[int]) -> tuple[CutPoint, ...]:
    """Cut before the first frame, at key frames, and every 3000th frame where key frames are farther apart.

    Both sequences rise; the key frames' times are among the times.
    """
    cuts = [0]
    for key_index in [*(bisect_left(times_us, key) for key in key_times_us), len(times_us)]:
        while key_index - cuts[-1] > MAX_FRAMES_BETWEEN_CUTS:
            cuts.append(cuts[-1] + MAX_FRAMES_BETWEEN_CUTS)
        if key_index < len(times_us) and key_index - cuts[-1] >= MIN_FRAMES_BETWEEN_CUTS:
            cuts.append(key_index)
    return tuple(
        CutPoint(
            pts_us=times_us[index],
            frame_index=index,
            previous_pts_us=times_us[index - 1] if index else None,
        )
        for index in cuts
    )
