"""Non-maximum suppression: of boxes that overlap too much, keep the one with the best score. Knows arrays only.

Two measures of overlap, as MTCNN uses both: the union's share (with areas in coordinates) and the smaller box's share
(with areas in whole pixels, one more a side).
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
IndexArray = NDArray[np.int64]

#: Boxes compared with all later ones at once: bounds memory whatever the number of boxes.
BLOCK_LENGTH: Final = 256


def suppress_by_union(boxes: FloatArray, scores: FloatArray, group: IndexArray, threshold: float) -> IndexArray:
    """Keep boxes (K, 4) whose intersection over union with every better box of their group is at most the threshold.

    Gives positions, group by group, best score first, ties in the order given.
    """
    return _suppress(boxes, scores, group, threshold, _share_of_union)


def suppress_by_smaller(boxes: FloatArray, scores: FloatArray, group: IndexArray, threshold: float) -> IndexArray:
    """Do as `suppress_by_union`, with the intersection over the smaller box's area: drops boxes within boxes."""
    return _suppress(boxes, scores, group, threshold, _share_of_smaller)


Overlap = Callable[[FloatArray, FloatArray], FloatArray]  # boxes (A, 4), (B, 4) -> (A, B)


def _suppress(
    boxes: FloatArray, scores: FloatArray, group: IndexArray, threshold: float, overlap: Overlap
) -> IndexArray:
    order = np.lexsort((-scores, group))  # stable: equal scores stay in the order given
    starts = np.flatnonzero(np.diff(group[order])) + 1
    kept = [members[_greedy(boxes[members], threshold, overlap)] for members in np.split(order, starts)]
    return np.concatenate(kept)


def _greedy(boxes: FloatArray, threshold: float, overlap: Overlap) -> IndexArray:
    """Choose among boxes of one group, best first: positions of those kept."""
    kept: list[int] = []
    waiting = np.arange(len(boxes))
    while len(waiting) > 0:
        block = waiting[:BLOCK_LENGTH]
        drops = overlap(boxes[block], boxes[waiting]) > threshold  # (block, waiting)
        dropped = np.zeros(len(waiting), dtype=np.bool_)
        for rank in range(len(block)):
            if not dropped[rank]:
                kept.append(int(block[rank]))
                dropped |= drops[rank]
        waiting = waiting[len(block) :][~dropped[len(block) :]]
    return np.array(kept, dtype=np.int64)


def _share_of_union(first: FloatArray, second: FloatArray) -> FloatArray:
    shared, first_area, second_area = _areas(first, second, extra_px=0)
    # boxes without area share nothing, and have no union to divide by
    share = np.zeros_like(shared)
    np.divide(shared, first_area + second_area - shared, out=share, where=shared > 0)
    return share


def _share_of_smaller(first: FloatArray, second: FloatArray) -> FloatArray:
    shared, first_area, second_area = _areas(first, second, extra_px=1)
    share = np.zeros_like(shared)
    np.divide(shared, np.minimum(first_area, second_area), out=share, where=shared > 0)
    return share


def _areas(first: FloatArray, second: FloatArray, *, extra_px: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Areas shared (A, B), of the first boxes (A, 1) and of the second (B,)."""
    x1, y1, x2, y2 = first.T[:, :, None]  # 4 x (A, 1)
    left, top, right, bottom = second.T  # 4 x (B,)
    width = np.maximum(np.minimum(x2, right) - np.maximum(x1, left) + extra_px, 0)
    height = np.maximum(np.minimum(y2, bottom) - np.maximum(y1, top) + extra_px, 0)
    first_area = (x2 - x1 + extra_px) * (y2 - y1 + extra_px)
    second_area = (right - left + extra_px) * (bottom - top + extra_px)
    return width * height, first_area, second_area
