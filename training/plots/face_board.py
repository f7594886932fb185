"""Many faces as one picture, in rows and columns: drawn at once, where an axis for each would take seconds."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from training.datasets.face_set import SIDE_PX

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class FaceBoard:
    """A white board with room for rows of faces. Positions are in the board's pixels, from its top left."""

    def __init__(self, *, num_rows: int, num_columns: int, row_gap_px: int, column_gap_px: int) -> None:
        self._row_px, self._column_px = SIDE_PX + row_gap_px, SIDE_PX + column_gap_px
        self._grey = np.full((num_rows * self._row_px, num_columns * self._column_px), 255, np.uint8)

    def put(self, picture: NDArray[np.uint8], *, row: int, column: int) -> None:
        """Place a (48, 48) face."""
        top, left = row * self._row_px, column * self._column_px
        self._grey[top : top + SIDE_PX, left : left + SIDE_PX] = picture

    def below(self, *, row: int, column: int) -> tuple[float, float]:
        """Return x and y of the middle of the gap's upper edge under a face."""
        return column * self._column_px + SIDE_PX / 2, row * self._row_px + SIDE_PX

    def middle(self, *, row: int) -> float:
        """Return y of the middle of a row's faces."""
        return row * self._row_px + SIDE_PX / 2

    def draw(self, axes: "Axes") -> None:
        """Show the board, without axes' lines and numbers."""
        axes.imshow(self._grey, cmap="gray", vmin=0, vmax=255)
        axes.set_axis_off()
