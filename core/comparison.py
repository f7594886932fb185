"""Two generations' readings of the same frames, compared: which faces are the same, and what is said of them otherwise.

Values and arithmetic only: knows no store. The rules in words: docs/reprocessing.md.
"""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Self

from core.emotions import EMOTIONS
from core.observations import MICROSECONDS_PER_SECOND, FaceObservation, FrameObservation

#: Boxes that overlap by less than this share of their union are of two faces.
MIN_IOU: Final = 0.5

#: How many of the most changed seconds are kept.
NUM_CHANGED_SECONDS: Final = 10

_NUM_EMOTIONS: Final = len(EMOTIONS)

_Box = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True)
class FacePair:
    """One face as two generations saw it in one frame."""

    before: FaceObservation
    after: FaceObservation


@dataclass(frozen=True, kw_only=True)
class ChangedSecond:
    """A second of a media in which readings changed."""

    media_id: str
    start_us: int  # a whole second of presentation time
    num_matched: int  # faces matched in it
    num_changed: int  # of these, with another label, or abstained in one generation only


@dataclass(frozen=True, kw_only=True)
class GenerationDiff:
    """How two generations differ, over one media or many. Faces are counted in frames that both have."""

    num_frames_matched: int = 0  # sampled in both
    num_frames_only_before: int = 0
    num_frames_only_after: int = 0
    num_faces_only_before: int = 0
    num_faces_only_after: int = 0
    labels: tuple[tuple[int, ...], ...] = ((0,) * _NUM_EMOTIONS,) * _NUM_EMOTIONS  # (7, 7) from, to; both named one
    num_abstained_in_both: int = 0
    num_newly_abstained: int = 0  # named a label before, abstained after
    num_newly_named: int = 0  # abstained before, named a label after
    sum_abs_prob_difference: float = 0.0  # over matched faces and their seven probabilities
    most_changed: tuple[ChangedSecond, ...] = ()  # at most ten, the most changed first

    @property
    def num_named_in_both(self) -> int:
        """Matched faces that both generations gave a label."""
        return sum(map(sum, self.labels))

    @property
    def num_faces_matched(self) -> int:
        """Faces that both generations saw."""
        return self.num_named_in_both + self.num_abstained_in_both + self.num_newly_abstained + self.num_newly_named

    @property
    def num_labels_changed(self) -> int:
        """Faces that both gave a label, and not the same one."""
        return self.num_named_in_both - sum(self.labels[index][index] for index in range(_NUM_EMOTIONS))

    @property
    def num_readings_changed(self) -> int:
        """Faces of which a reader would see something else: another label, one where was none, or none any more."""
        return self.num_labels_changed + self.num_newly_abstained + self.num_newly_named

    @property
    def share_of_labels_changed(self) -> float | None:
        """Of the faces that both gave a label; None: there is none."""
        return self.num_labels_changed / self.num_named_in_both if self.num_named_in_both else None

    @property
    def mean_abs_prob_difference(self) -> float | None:
        """Over matched faces and their seven probabilities; None: no face was matched."""
        num_probs = self.num_faces_matched * _NUM_EMOTIONS
        return self.sum_abs_prob_difference / num_probs if num_probs else None

    def __add__(self, other: Self) -> "GenerationDiff":
        """Join the differences of other media to these."""
        return GenerationDiff(
            num_frames_matched=self.num_frames_matched + other.num_frames_matched,
            num_frames_only_before=self.num_frames_only_before + other.num_frames_only_before,
            num_frames_only_after=self.num_frames_only_after + other.num_frames_only_after,
            num_faces_only_before=self.num_faces_only_before + other.num_faces_only_before,
            num_faces_only_after=self.num_faces_only_after + other.num_faces_only_after,
            labels=tuple(
                tuple(a + b for a, b in zip(mine, its, strict=True))
                for mine, its in zip(self.labels, other.labels, strict=True)
            ),
            num_abstained_in_both=self.num_abstained_in_both + other.num_abstained_in_both,
            num_newly_abstained=self.num_newly_abstained + other.num_newly_abstained,
            num_newly_named=self.num_newly_named + other.num_newly_named,
            sum_abs_prob_difference=self.sum_abs_prob_difference + other.sum_abs_prob_difference,
            most_changed=_most_changed((*self.most_changed, *other.most_changed)),
        )


class DiffTally:
    """Counts while the frames of one media go by in order of time. Holds one second and the ten most changed."""

    def __init__(self, media_id: str) -> None:
        self._media_id = media_id
        self._num_frames = [0, 0, 0]  # matched, only before, only after
        self._num_faces_alone = [0, 0]  # only before, only after
        self._labels = [[0] * _NUM_EMOTIONS for _ in EMOTIONS]
        self._abstained = {(True, True): 0, (False, True): 0, (True, False): 0}  # before, after
        self._sum_abs_prob_difference = 0.0
        self._second: tuple[int, int, int] = (0, 0, 0)  # start_us, matched, changed
        self._most_changed: tuple[ChangedSecond, ...] = ()

    def add_frame(self, before: FrameObservation | None, after: FrameObservation | None) -> None:
        """Count a frame; None: this generation did not sample it."""
        if before is None or after is None:
            self._num_frames[1 if after is None else 2] += 1
            return
        self._num_frames[0] += 1
        pairs = match_faces(before.faces, after.faces)
        self._num_faces_alone[0] += len(before.faces) - len(pairs)
        self._num_faces_alone[1] += len(after.faces) - len(pairs)
        num_changed = sum(self._count_pair(pair) for pair in pairs)
        self._count_second(before.pts_us, len(pairs), num_changed)

    def result(self) -> GenerationDiff:
        """Return what was counted."""
        self._close_second()
        return GenerationDiff(
            num_frames_matched=self._num_frames[0],
            num_frames_only_before=self._num_frames[1],
            num_frames_only_after=self._num_frames[2],
            num_faces_only_before=self._num_faces_alone[0],
            num_faces_only_after=self._num_faces_alone[1],
            labels=tuple(map(tuple, self._labels)),
            num_abstained_in_both=self._abstained[True, True],
            num_newly_abstained=self._abstained[False, True],
            num_newly_named=self._abstained[True, False],
            sum_abs_prob_difference=self._sum_abs_prob_difference,
            most_changed=self._most_changed,
        )

    def _count_pair(self, pair: FacePair) -> bool:
        """Count a face; return whether a reader would see it change."""
        before, after = pair.before.reading, pair.after.reading
        self._sum_abs_prob_difference += sum(abs(a - b) for a, b in zip(before.probs, after.probs, strict=True))
        if before.abstained or after.abstained:
            self._abstained[before.abstained, after.abstained] += 1
            return before.abstained != after.abstained
        self._labels[EMOTIONS.index(before.top)][EMOTIONS.index(after.top)] += 1
        return before.top != after.top

    def _count_second(self, pts_us: int, num_matched: int, num_changed: int) -> None:
        start_us = pts_us // MICROSECONDS_PER_SECOND * MICROSECONDS_PER_SECOND  # a true floor, also before 0
        if start_us != self._second[0]:
            self._close_second()
            self._second = (start_us, 0, 0)
        self._second = (start_us, self._second[1] + num_matched, self._second[2] + num_changed)

    def _close_second(self) -> None:
        start_us, num_matched, num_changed = self._second
        self._second = (start_us, 0, 0)
        if num_changed:
            closed = ChangedSecond(
                media_id=self._media_id, start_us=start_us, num_matched=num_matched, num_changed=num_changed
            )
            self._most_changed = _most_changed((*self._most_changed, closed))


def match_faces(before: Sequence[FaceObservation], after: Sequence[FaceObservation]) -> list[FacePair]:
    """Pair the faces of a frame: the two boxes that overlap most first, then of the rest; each face once.

    Where two pairs overlap equally, that of the lower face_index goes first.
    """
    overlaps = [
        (-overlap, i, j)
        for i, one in enumerate(before)
        for j, other in enumerate(after)
        if (overlap := intersection_over_union(one.face.box, other.face.box)) >= MIN_IOU
    ]
    pairs: dict[int, int] = {}
    for _, i, j in sorted(overlaps):
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    return [FacePair(before=before[i], after=after[j]) for i, j in sorted(pairs.items())]


def intersection_over_union(one: _Box, other: _Box) -> float:
    """Return the share of two boxes' union that both cover, 0..1."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (_area(one) + _area(other) - shared)


def _area(box: _Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _most_changed(seconds: Iterable[ChangedSecond]) -> tuple[ChangedSecond, ...]:
    return tuple(
        heapq.nsmallest(
            NUM_CHANGED_SECONDS, seconds, key=lambda second: (-second.num_changed, second.media_id, second.start_us)
        )
    )
