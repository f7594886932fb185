"""One face between two key frames: where it was seen so far, and where to look for it next. Knows no pixels."""

from collections.abc import Sequence

import numpy as np

from fer_model.cascade.candidates import squared
from fer_model.cascade.judging import Sighting
from fer_model.cascade.suppression import FloatArray
from fer_model.detection.association import associate


class Trail:
    """Sightings at positions 0 (the key frame before) to num_between + 1 (the one after); None: not seen there."""

    def __init__(self, *, first: Sighting | None, last: Sighting | None, num_between: int) -> None:
        self._seen: list[Sighting | None] = [first, *[None] * num_between, last]

    def __getitem__(self, position: int) -> Sighting | None:
        return self._seen[position]

    @property
    def has_open_end(self) -> bool:
        """Whether only one of the key frames shows this face."""
        return self._seen[0] is None or self._seen[-1] is None

    @property
    def has_gap(self) -> bool:
        """Whether it was not seen somewhere."""
        return None in self._seen

    def see(self, position: int, sighting: Sighting) -> None:
        """Take note of a sighting."""
        self._seen[position] = sighting

    def on_the_line(self, position: int) -> FloatArray | None:
        """Return the window (4,) at a position on the way from first to last; None: one of them is not known.

        What O-Net was shown at both ends, not what it answered: so it sees here what it would have seen there.
        """
        first, last = self._seen[0], self._seen[-1]
        if first is None or last is None:
            return None
        share = np.float32(position / (len(self._seen) - 1))
        return first.window + share * (last.window - first.window)

    def beside(self, position: int, step: int) -> FloatArray | None:
        """Return the window (4,) where a face not seen at a position was a step before it; None: nor was it there."""
        near = self._seen[position - step]
        if near is None or self._seen[position] is not None:
            return None
        return squared(np.array([near.face.box], np.float32))[0]


def trails_between(left: Sequence[Sighting], right: Sequence[Sighting], num_between: int) -> list[Trail]:
    """Begin a trail for each face of either key frame; one for both where it is the same."""
    pairs = associate([sighting.face for sighting in left], [sighting.face for sighting in right])
    paired_left, paired_right = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    ends: list[tuple[Sighting | None, Sighting | None]] = [(left[i], right[j]) for i, j in pairs]
    ends += [(sighting, None) for i, sighting in enumerate(left) if i not in paired_left]
    ends += [(None, sighting) for j, sighting in enumerate(right) if j not in paired_right]
    return [Trail(first=first, last=last, num_between=num_between) for first, last in ends]
