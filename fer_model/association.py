"""Which face of one frame is which of another, by place and size alone. Knows boxes, no pixels and no identity."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from core.frames import Face

#: Faces further apart than this are not the same: distance of the centres in box sides, plus the difference of sizes
#: as a logarithm. Shoulder to shoulder, two heads are about 1.5 sides apart.
MAX_DISTANCE: Final = 0.8


def associate(before: Sequence[Face], after: Sequence[Face]) -> list[tuple[int, int]]:
    """Pair the faces of two frames so that the distances are least in all (Kuhn 1955): positions in each, in order."""
    if not before or not after:
        return []
    distance = _distances(before, after)  # (B, A)
    # pairs that are too far apart cost the same however far, so that they never displace one that is not
    rows, columns = linear_sum_assignment(np.minimum(distance, 2 * MAX_DISTANCE))
    return [
        (int(row), int(column))
        for row, column in zip(rows, columns, strict=True)
        if distance[row, column] <= MAX_DISTANCE
    ]


def _distances(before: Sequence[Face], after: Sequence[Face]) -> NDArray[np.float64]:
    first, second = (np.array([face.box for face in faces]) for faces in (before, after))  # (B, 4), (A, 4)
    centre_1, centre_2 = (boxes[:, :2] / 2 + boxes[:, 2:] / 2 for boxes in (first, second))
    side_1, side_2 = (np.sqrt(np.prod(boxes[:, 2:] - boxes[:, :2], axis=1).clip(min=1)) for boxes in (first, second))
    apart = np.linalg.norm(centre_1[:, None] - centre_2[None], axis=2)  # (B, A) px
    distance: NDArray[np.float64] = apart / np.sqrt(side_1[:, None] * side_2[None])
    return distance + np.abs(np.log(side_1[:, None] / side_2[None]))
