"""How often readings agree with hand labels, group by group, and how far groups are apart. No SQL.

Labels of one person resemble each other, so people are what is resampled (a cluster bootstrap: Field and Welsh 2007):
each time as many people as there are, with all their labels; percentiles of the shares are the interval.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.people.groups import LEAST_PEOPLE
from core.people.longitudinal import CONFIDENCE

_NUM_RESAMPLED: Final = 4_000


@dataclass(frozen=True, kw_only=True)
class LabelledReading:
    """A hand label beside what was read there."""

    person: str  # whose face
    group: str
    label: str  # one of core.emotions.EMOTIONS
    reading: str | None  # likewise; None: no reading counted in the span


@dataclass(frozen=True, kw_only=True)
class Share:
    """A share of labels with its 95 % interval over people, 0..1; or a difference of two, -1..1."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class GroupErrors:
    """One group. All is None where it is suppressed."""

    group: str
    num_people: int | None  # with a label that was read
    num_labels: int | None
    num_unread: int | None  # of the labels, those where no reading counted: they are neither right nor wrong
    accuracy: Share | None  # of the labels that were read


@dataclass(frozen=True, kw_only=True)
class Gap:
    """The accuracy of the second group less the first's."""

    first: str
    second: str
    difference: Share


@dataclass(frozen=True, kw_only=True)
class ErrorReport:
    """All groups, and all pairs of those that are not suppressed."""

    groups: tuple[GroupErrors, ...]  # by name
    gaps: tuple[Gap, ...]


def error_report(readings: Iterable[LabelledReading], *, seed: int) -> ErrorReport:
    """Count by group."""
    by_group: dict[str, list[LabelledReading]] = defaultdict(list)
    for each in readings:
        by_group[each.group].append(each)
    draw = np.random.default_rng(seed)
    groups, resampled = [], {}
    for name, found in sorted(by_group.items()):
        counts = _counts(found)
        if len(counts) < LEAST_PEOPLE:
            groups.append(GroupErrors(group=name, num_people=None, num_labels=None, num_unread=None, accuracy=None))
            continue
        resampled[name] = _resampled(counts, draw)
        num_right, num_read = counts.sum(axis=0)
        groups.append(
            GroupErrors(
                group=name,
                num_people=len(counts),
                num_labels=len(found),
                num_unread=len(found) - int(num_read),
                accuracy=_share(float(num_right / num_read), resampled[name]),
            )
        )
    accuracy = {each.group: each.accuracy.value for each in groups if each.accuracy is not None}
    gaps = tuple(
        Gap(
            first=first,
            second=second,
            difference=_share(accuracy[second] - accuracy[first], resampled[second] - resampled[first]),
        )
        for first, second in combinations(accuracy, 2)
    )
    return ErrorReport(groups=tuple(groups), gaps=gaps)


def _counts(readings: Iterable[LabelledReading]) -> NDArray[np.int64]:
    """Return a row a person who was read: labels that are right, labels that were read."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for each in readings:
        if each.reading is not None:
            counts[each.person][0] += each.reading == each.label
            counts[each.person][1] += 1
    return np.array([counts[person] for person in sorted(counts)], dtype=np.int64).reshape(-1, 2)


def _resampled(counts: NDArray[np.int64], draw: np.random.Generator) -> NDArray[np.float64]:
    """Return the accuracies (_NUM_RESAMPLED,) of groups of people drawn anew."""
    drawn = counts[draw.integers(len(counts), size=(_NUM_RESAMPLED, len(counts)))].sum(axis=1)
    return drawn[:, 0] / drawn[:, 1]


def _share(value: float, resampled: NDArray[np.float64]) -> Share:
    outside = 50 * (1 - CONFIDENCE)
    low, high = np.percentile(resampled, [outside, 100 - outside])
    return Share(value=value, low=float(low), high=float(high))
