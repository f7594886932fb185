"""Notices where a picture has nothing to do with the one before: a cut, or the start. Knows pixels, no faces."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.frames import RgbImage

#: Mean difference, in grey levels, of pictures that are not of one shot. A quick pan stays below, a flash does not.
CUT_DIFFERENCE: Final = 28.0

#: About so many pixels a side are compared: a cut shows anywhere.
_SAMPLES_PER_SIDE: Final = 48


class Shots:
    """Follows consecutive pictures of one media."""

    def __init__(self) -> None:
        self._before: NDArray[np.int16] | None = None

    def begins(self, image: RgbImage | None) -> bool:
        """Whether this picture begins a shot; an undecodable one (None) does, and so does the one after it."""
        before, self._before = self._before, None if image is None else _sparse(image)
        if before is None or self._before is None or before.shape != self._before.shape:
            return True
        return float(np.abs(self._before - before).mean()) > CUT_DIFFERENCE


def _sparse(image: RgbImage) -> NDArray[np.int16]:
    """Take some pixels of a picture, evenly spread: (h, w, 3) grey levels."""
    row_step, column_step = (max(1, side // _SAMPLES_PER_SIDE) for side in image.shape[:2])
    return image[::row_step, ::column_step].astype(np.int16)
