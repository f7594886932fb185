"""How far two faces are from being in the same place at the same size. Knows boxes, no pixels and no identity."""

import numpy as np
from numpy.typing import NDArray


def box_distances(boxes_1: NDArray[np.float64], boxes_2: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (B, A) for boxes (B, 4) and (A, 4): distance of the centres in box sides, plus that of sizes as a log."""
    centre_1, centre_2 = (boxes[:, :2] / 2 + boxes[:, 2:] / 2 for boxes in (boxes_1, boxes_2))
    side_1, side_2 = (np.sqrt(np.prod(boxes[:, 2:] - boxes[:, :2], axis=1).clip(min=1)) for boxes in (boxes_1, boxes_2))
    apart = np.linalg.norm(centre_1[:, None] - centre_2[None], axis=2)  # (B, A) px
    distance: NDArray[np.float64] = apart / np.sqrt(side_1[:, None] * side_2[None])
    return distance + np.abs(np.log(side_1[:, None] / side_2[None]))
