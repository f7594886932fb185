"""Small pictures of faces, cut out of a file's frames; faces that must not be seen are made unknowable before.

Runs in the reading child (video/isolation/isolation.py): frames, and faces that are hidden, never leave it.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np

from core.frames import RgbImage
from core.media import ChunkSpan, MediaInfo
from video.decoding.decode import SpanDecoder
from video.decoding.face_cuts import Box, FaceCut
from video.limits import MediaLimits

#: How much of a face's box is shown around it, in its own size.
MARGIN: Final = 0.25

#: A hidden face is as many squares each way, whose colours are all that is left of it; and so much around its box.
NUM_HIDDEN_SQUARES: Final = 4
HIDDEN_MARGIN: Final = 0.2


def cut_faces(
    path: Path, info: MediaInfo, span: ChunkSpan, cuts: Iterable[FaceCut], *, limits: MediaLimits
) -> list[RgbImage | None]:
    """Decode a span up to the last cut; return each cut's picture, None where its frame cannot be decoded."""
    cuts = list(cuts)
    last_index = max(cut.frame_index for cut in cuts)
    found: dict[FaceCut, RgbImage] = {}
    for frame in SpanDecoder(path, info, span, sample_rate_hz=None, limits=limits):
        for cut in cuts:
            if cut.frame_index == frame.frame_index and frame.image is not None:
                found[cut] = _picture(frame.image, cut)
        if frame.frame_index >= last_index:
            break
    return [found.get(cut) for cut in cuts]


def _picture(image: RgbImage, cut: FaceCut) -> RgbImage:
    shown = image.copy()
    for box in cut.hidden:
        _hide(shown, box)
    rows, columns = _around(shown, cut.box, MARGIN)
    return np.ascontiguousarray(shown[rows, columns])


def _hide(image: RgbImage, box: Box) -> None:
    rows, columns = _around(image, box, HIDDEN_MARGIN)
    face = image[rows, columns]
    for band in np.array_split(face, NUM_HIDDEN_SQUARES, axis=0):
        for square in np.array_split(band, NUM_HIDDEN_SQUARES, axis=1):
            if square.size:
                square[:] = square.mean(axis=(0, 1))


def _around(image: RgbImage, box: Box, margin: float) -> tuple[slice, slice]:
    """Return the rows and columns of a box with a margin, at least a pixel of the image."""
    height, width = image.shape[:2]
    x1, y1, x2, y2 = box
    dx, dy = margin * (x2 - x1), margin * (y2 - y1)

    def part(low: float, high: float, end: int) -> slice:
        first = int(np.clip(low, 0, end - 1))
        return slice(first, max(first + 1, int(np.clip(high, 0, end))))

    return part(y1 - dy, y2 + dy, height), part(x1 - dx, x2 + dx, width)
