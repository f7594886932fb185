"""Which face of one frame is which of another, by place and size alone. Knows boxes, no pixels and no identity."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.frames import Face
from core.tracks.nearness import box_distances

#: Faces further apart than this are not the same: distance of the centres in box sides, plus the difference of sizes
#: as a logarithm. Shoulder to shoulder, two heads are about 1.5 sides apart.
MAX_DISTANCE: Final = 0.8


def associate(before: Sequence[Face], after: Sequence[Face]) -> list[tuple[int, int]]:
    """Pair the faces of two frames so that the distances are least in all (Kuhn 1955): positions in each, in order."""
    if not before or not after:
        return []
    boxes_1, boxes_2 = (np.array([face.box for face in faces], np.float64) for faces in (before, after))
    return pairs_of(box_distances(boxes_1, boxes_2))


def pairs_of(distance: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Pair rows and columns of distances (B, A), none beyond MAX_DISTANCE, so that they are least in all."""
    if distance.size and 1 in distance.shape:
        row, column = divmod(int(distance.argmin()), distance.shape[1])
        return [(row, column)] if distance[row, column] <= MAX_DISTANCE else []
    from scipy.optimize import linear_sum_assignment  # half a second that a film of one face need not spend

    # pairs that are too far apart cost the same however far, so that they never displace one that is not
    rows, columns = linear_sum_assignment(np.minimum(distance, 2 * MAX_DISTANCE))
    return [
        (int(row), int(column))
        for row, column in zip(rows, columns, strict=True)
        if distance[row, column] <= MAX_DISTANCE
    ]
