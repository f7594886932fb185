"""Which faces of each person track a contact sheet shows, and which faces it must hide. Values only."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from core.tracks.state import PersonTrack, Tracks, WhoseFaces
from db.tracks.spans import PlacedFace


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A face that stands for a stretch of a person track."""

    track: int  # the person track's number
    face: PlacedFace
    hidden: tuple[tuple[float, float, float, float], ...]  # boxes of its frame that must not be seen


def choose_samples(
    faces: Iterable[PlacedFace],
    tracks: Tracks,
    *,
    shown: Iterable[int],
    num_each: int,
    is_hidden: Callable[[PersonTrack | None], bool],
) -> list[Sample]:
    """Choose of each shown person track up to `num_each` faces, spread over its time. `faces` rise by frame."""
    whose, wanted = WhoseFaces(tracks), set(shown)
    best: dict[tuple[int, int], tuple[int, Sample]] = {}  # by track and stretch: how far from its middle, and which
    for _, group in groupby(faces, key=attrgetter("frame_index")):
        found = [(face, whose.find(face.track, face.pts_us)) for face in group]
        hidden = tuple(face.box for face, person in found if is_hidden(person))
        for face, person in found:
            if person is None or person.number not in wanted:
                continue
            width_us = (person.last_us - person.first_us) // num_each + 1
            stretch = (face.pts_us - person.first_us) // width_us
            off_us = abs(face.pts_us - person.first_us - stretch * width_us - width_us // 2)
            key = (person.number, stretch)
            if key not in best or off_us < best[key][0]:
                best[key] = (off_us, Sample(track=person.number, face=face, hidden=hidden))
    return [sample for _, (_, sample) in sorted(best.items(), key=lambda item: item[0])]
