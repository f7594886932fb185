"""Which person tracks a media has and whose they are: what stitching says, and every decision of a person after it.

Decisions are only added. The present state is made of the stitched tracks and of all decisions that are not undone, in
their order, and of nothing else. Values only; db/tracks/decisions.py stores them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from core.errors import InputError
from core.tracks.stitching import TrackSpan


@dataclass(frozen=True, kw_only=True)
class Part:
    """A track of a chunk, or what lies between two cuts through it."""

    track: int
    first_us: int  # presentation time; no face of it is earlier
    last_us: int  # nor later
    is_whole: bool  # all of the track


@dataclass(frozen=True, kw_only=True)
class PersonTrack:
    """One face followed through a media, and whose it is said to be."""

    number: int  # core.observations.track_number of its first face
    parts: tuple[Part, ...]  # in order of time
    subject_key: str | None = None  # None: nobody's yet

    @property
    def first_us(self) -> int:
        """Presentation time of its first face."""
        return self.parts[0].first_us

    @property
    def last_us(self) -> int:
        """Presentation time from which on it is not seen any more; for a track that was cut, the cut at the latest."""
        return max(part.last_us for part in self.parts)

    @property
    def seconds(self) -> float:
        """From its first face to its last."""
        return (self.last_us - self.first_us) / 1e6


class DecisionKind(StrEnum):
    """What a person can decide about tracks."""

    ASSIGN = "assign"  # tracks are a subject's, or nobody's
    MERGE = "merge"  # tracks are one
    SPLIT_AT = "split at"  # a track is another from a time on
    SPLIT = "split"  # a track is as many as it was put together from
    UNDO = "undo"  # the newest decision that stands does not


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One decision, as it was made."""

    number: int  # of the job's, from 1
    kind: DecisionKind
    tracks: tuple[int, ...] = ()  # person tracks by their numbers at that time
    subject_key: str | None = None  # ASSIGN: whose they are; None: nobody's, or somebody's who was erased
    at_us: int | None = None  # SPLIT_AT: presentation time of the other's first face
    new_track: int | None = None  # SPLIT_AT: the other's number
    undoes: int | None = None  # UNDO: the decision's number
    missing_chunks: tuple[int, ...] = ()  # of the job, that had no rows then: what is done later joins nothing
    actor: str
    made_at: datetime


Tracks = dict[int, PersonTrack]  # by number


def standing(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the decisions that hold: neither undone nor an undoing."""
    every = list(decisions)
    undone = {each.undoes for each in every if each.kind is DecisionKind.UNDO}
    return [each for each in every if each.kind is not DecisionKind.UNDO and each.number not in undone]


def state_of(stitched: Iterable[Sequence[TrackSpan]], decisions: Iterable[Decision]) -> Tracks:
    """Return the person tracks as they are now, in the order in which they begin."""
    tracks: Tracks = {}
    for spans in stitched:
        person = PersonTrack(number=spans[0].track, parts=tuple(_whole(span) for span in spans))
        tracks[person.number] = person
    for decision in standing(decisions):
        tracks = apply(tracks, decision)
    return dict(sorted(tracks.items(), key=lambda item: (item[1].first_us, item[0])))


def apply(tracks: Tracks, decision: Decision) -> Tracks:
    """Return the tracks after a decision. Raises InputError where it cannot be made of them."""
    named = [find_track(tracks, number) for number in dict.fromkeys(decision.tracks)]
    if decision.kind is DecisionKind.ASSIGN:
        made = [replace(track, subject_key=decision.subject_key) for track in named]
    elif decision.kind is DecisionKind.MERGE:
        made = [_merged(named)]
    elif decision.kind is DecisionKind.SPLIT_AT:
        assert decision.at_us is not None
        assert decision.new_track is not None
        made = _split_at(named[0], decision.at_us, decision.new_track)
    else:
        made = _split(named[0])
    rest = {number: track for number, track in tracks.items() if track not in named}
    return rest | {track.number: track for track in made}


def find_track(tracks: Tracks, number: int) -> PersonTrack:
    """Return a person track. Raises InputError where there is none of this number."""
    if number not in tracks:
        raise InputError(f"track {number}: there is none of this number now; `moodline tracks list` shows them")
    return tracks[number]


class WhoseFaces:
    """Tells the person track of a stored face."""

    def __init__(self, tracks: Tracks) -> None:
        self._parts: dict[int, list[tuple[Part, PersonTrack]]] = {}
        for person in tracks.values():
            for part in person.parts:
                self._parts.setdefault(part.track, []).append((part, person))

    def find(self, track: int | None, pts_us: int) -> PersonTrack | None:
        """Return whose a face of a chunk's track is; None: it was not followed."""
        parts = () if track is None else self._parts.get(track, ())
        return next((person for part, person in parts if part.first_us <= pts_us <= part.last_us), None)


def _whole(span: TrackSpan) -> Part:
    return Part(track=span.track, first_us=span.first_us, last_us=span.last_us, is_whole=True)


def _merged(tracks: Sequence[PersonTrack]) -> PersonTrack:
    if len(tracks) < 2:
        raise InputError("merge: name two tracks or more")
    subjects = {track.subject_key for track in tracks} - {None}
    if len(subjects) > 1:
        raise InputError("merge: these tracks are different subjects'; assign them to one first")
    parts = sorted((part for track in tracks for part in track.parts), key=lambda part: (part.first_us, part.track))
    earliest = min(tracks, key=lambda track: (track.first_us, track.number))
    return PersonTrack(number=earliest.number, parts=tuple(parts), subject_key=next(iter(subjects), None))


def _split_at(track: PersonTrack, at_us: int, new_track: int) -> list[PersonTrack]:
    """What comes after is nobody's until it is said to be: a track is split because it is somebody else."""
    before = [part for part in track.parts if part.first_us < at_us]
    after = [part for part in track.parts if part.first_us >= at_us]
    for index, part in enumerate(before):
        if part.last_us >= at_us:
            before[index] = replace(part, last_us=at_us - 1, is_whole=False)
            after.append(replace(part, first_us=at_us, is_whole=False))
    if not before or not after:
        raise InputError(f"track {track.number}: is not seen both before and after {at_us / 1e6:g} s; nothing to split")
    later = tuple(sorted(after, key=lambda part: (part.first_us, part.track)))
    return [replace(track, parts=tuple(before)), PersonTrack(number=new_track, parts=later)]


def _split(track: PersonTrack) -> list[PersonTrack]:
    """Take a track apart; its first part keeps its number and subject."""
    if len(track.parts) < 2 or not all(part.is_whole for part in track.parts):
        raise InputError(f"track {track.number}: was not put together from several whole ones; split it --at a time")
    first, *others = track.parts
    return [replace(track, parts=(first,)), *(PersonTrack(number=part.track, parts=(part,)) for part in others)]
