"""A timeline of smoothed readings: stored rows, smoothed face by face, then binned. The stored rows stay raw."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from core.emotions import EMOTIONS
from core.observations import FaceObservation, FrameObservation
from core.timeline import Timeline, bin_observations, bin_start_us
from fer_model.classification.smoothing import Smoothing, smooth

#: Where a face stands: (position of its frame, its face_index).
_Place = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class _Smoothed:
    probs: tuple[float, ...]
    label: str


def smooth_timeline(raw: Timeline, frames: Iterable[FrameObservation], how: Smoothing) -> Timeline:
    """Return `raw` with its points made from smoothed readings; `top` is the label that held longest in the bin.

    Each track is smoothed on its own. Rows of before there were tracks are told apart by their face_index (largest
    first): where people cross, their lines mix.
    """
    held = list(frames)
    smoothed = _smooth_faces(held, how)
    points = bin_observations(_with_smoothed_readings(held, smoothed), bin_us=raw.bin_us)
    labels: dict[int | None, Counter[str]] = defaultdict(Counter)
    for (position, _), value in smoothed.items():
        labels[_bin_of(held[position], raw.bin_us)][value.label] += 1
    tops = {start_us: counter.most_common(1)[0][0] for start_us, counter in labels.items()}
    return replace(
        raw,
        smoothed=True,
        points=tuple(replace(p, top=tops.get(p.start_us if raw.bin_us else None)) for p in points),
    )


def _smooth_faces(frames: list[FrameObservation], how: Smoothing) -> dict[_Place, _Smoothed]:
    """Smooth the counted readings of each face on its own."""
    places: dict[tuple[bool, int], list[_Place]] = defaultdict(list)
    for position, frame in enumerate(frames):
        for face in _counted(frame):
            who = (False, face.face_index) if face.track is None else (True, face.track)
            places[who].append((position, face.face_index))
    smoothed: dict[_Place, _Smoothed] = {}
    for mine in places.values():
        times = np.array([frames[position].pts_seconds for position, _ in mine])
        probs = np.array([frames[position].faces[face_index].reading.probs for position, face_index in mine])
        result = smooth(times, probs, how)
        for place, row, label_index in zip(mine, result.probs, result.label_index, strict=True):
            smoothed[place] = _Smoothed(probs=tuple(row.tolist()), label=EMOTIONS[label_index])
    return smoothed


def _with_smoothed_readings(
    frames: list[FrameObservation], smoothed: dict[_Place, _Smoothed]
) -> Iterator[FrameObservation]:
    for position, frame in enumerate(frames):
        faces = tuple(_with_reading(face, smoothed.get((position, face.face_index))) for face in frame.faces)
        yield replace(frame, faces=faces)


def _with_reading(face: FaceObservation, smoothed: _Smoothed | None) -> FaceObservation:
    return face if smoothed is None else replace(face, reading=replace(face.reading, probs=smoothed.probs))


def _counted(frame: FrameObservation) -> list[FaceObservation]:
    return [face for face in frame.faces if not face.reading.abstained]


def _bin_of(frame: FrameObservation, bin_us: int | None) -> int | None:
    return None if bin_us is None else bin_start_us(frame.pts_us, bin_us)
