"""Which faces are to be cut out of a file's frames, and where the file must be entered for them. Opens no file."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from core.media import ChunkSpan, MediaInfo

Box = tuple[float, float, float, float]  # x1, y1, x2, y2 px of the frame


@dataclass(frozen=True, kw_only=True)
class FaceCut:
    """Which face of which frame to cut out, and which faces of the frame to hide."""

    frame_index: int
    box: Box
    hidden: tuple[Box, ...] = ()  # may hold `box`

    def __post_init__(self) -> None:
        if self.box[2] <= self.box[0] or self.box[3] <= self.box[1]:
            raise ValueError(f"not a box: {self.box}")


def cut_spans(info: MediaInfo, cuts: Iterable[FaceCut]) -> list[tuple[ChunkSpan, tuple[FaceCut, ...]]]:
    """Group cuts by where the file must be entered for them: each from a point where it can be, to its last frame."""
    points = info.cut_points
    starts = np.array([point.frame_index for point in points])
    of_point: dict[int, list[FaceCut]] = {}
    for cut in sorted(cuts, key=lambda cut: cut.frame_index):
        of_point.setdefault(int(np.searchsorted(starts, cut.frame_index, side="right")) - 1, []).append(cut)
    spans = []
    for index, mine in of_point.items():
        point = points[index]
        is_last = index + 1 == len(points)
        span = ChunkSpan(
            chunk_index=index,
            start_us=point.pts_us,
            end_us=info.end_us + 1 if is_last else points[index + 1].pts_us,
            first_frame_index=point.frame_index,
            previous_pts_us=point.previous_pts_us,
        )
        spans.append((span, tuple(mine)))
    return spans
