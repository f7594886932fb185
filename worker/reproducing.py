"""A stored frame made again from its video, and how far the two are apart."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import starmap
from pathlib import Path

from core.exports.row_manifest import RowManifest, StoredFace, stored_faces
from core.media import MediaInfo
from worker.analysis.messages import ChunkRequest
from worker.analysis.process import AnalysisProcess


@dataclass(frozen=True, kw_only=True)
class Reproduction:
    """What came out beside what was stored."""

    is_there: bool  # the frame came out, with as many faces
    num_faces: int
    worst_probability: float  # largest difference of a probability, unreadable included; inf: not the same faces
    worst_box_px: float  # largest difference of a corner of a box


def reproduce(
    wanted: RowManifest, video: Path, info: MediaInfo, process: AnalysisProcess, *, on_tick: Callable[[int], None]
) -> Reproduction:
    """Analyse the frame's chunk again and compare. Raises as AnalysisProcess.analyse_chunk does."""
    request = ChunkRequest(source=video, info=info, span=wanted.span, parameters=wanted.parameters)
    result = process.analyse_chunk(request, on_tick=on_tick)
    frame = next((frame for frame in result.frames if frame.frame_index == wanted.frame_index), None)
    faces = () if frame is None else stored_faces(frame)
    if frame is None or frame.status.value != wanted.status or len(faces) != len(wanted.faces):
        return Reproduction(is_there=False, num_faces=len(faces), worst_probability=math.inf, worst_box_px=math.inf)
    pairs = list(zip(faces, wanted.faces, strict=True))
    return Reproduction(
        is_there=True,
        num_faces=len(faces),
        worst_probability=max(starmap(_probability_difference, pairs), default=0.0),
        worst_box_px=max(starmap(_box_difference_px, pairs), default=0.0),
    )


def _probability_difference(one: StoredFace, other: StoredFace) -> float:
    mine, theirs = (*one.probs, one.unreadable), (*other.probs, other.unreadable)
    return max(abs(a - b) for a, b in zip(mine, theirs, strict=True))


def _box_difference_px(one: StoredFace, other: StoredFace) -> float:
    return max(abs(a - b) for a, b in zip(one.box, other.box, strict=True))
