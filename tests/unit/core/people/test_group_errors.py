"""Accuracy by group with intervals over people: planted gaps are reported, small groups never."""

import numpy as np
import pytest

from core.people.group_errors import LabelledReading, error_report

pytestmark = pytest.mark.thorough


def labelled(group: str, *, accuracy: float, num_people: int, seed: int, num_labels: int = 30) -> list[LabelledReading]:
    """People differ: each has its own accuracy."""
    draw = np.random.default_rng(seed)
    return [
        LabelledReading(
            person=f"{group}-{person}",
            group=group,
            label="happy",
            reading="happy" if draw.random() < own else "sad",
        )
        for person, own in enumerate(draw.normal(accuracy, 0.08, num_people))
        for _ in range(num_labels)
    ]


def test_a_planted_gap_of_15_points_is_reported_and_its_interval_leaves_out_zero():
    for seed in range(10):
        readings = labelled("a", accuracy=0.75, num_people=25, seed=seed)
        readings += labelled("b", accuracy=0.60, num_people=25, seed=100 + seed)
        [gap] = error_report(readings, seed=0).gaps
        print(gap)
        assert (gap.first, gap.second) == ("a", "b")
        assert gap.difference.low < -0.15 < gap.difference.high
        assert gap.difference.high < 0


def test_groups_without_a_gap_have_intervals_that_hold_zero_as_often_as_promised():
    held = 0
    for seed in range(100):
        readings = labelled("a", accuracy=0.7, num_people=25, seed=seed)
        readings += labelled("b", accuracy=0.7, num_people=25, seed=1000 + seed)
        [gap] = error_report(readings, seed=0).gaps
        held += gap.difference.low <= 0 <= gap.difference.high
    assert held >= 88


def test_a_group_of_fewer_than_20_people_is_suppressed_with_all_its_numbers():
    readings = labelled("a", accuracy=0.9, num_people=19, seed=1) + labelled("b", accuracy=0.5, num_people=20, seed=2)
    report = error_report(readings, seed=0)
    small, large = report.groups
    assert (small.num_people, small.num_labels, small.num_unread, small.accuracy) == (None, None, None, None)
    assert large.num_people == 20
    assert report.gaps == ()


def test_people_of_whom_nothing_was_read_do_not_make_a_group_large():
    readings = labelled("a", accuracy=0.9, num_people=19, seed=1)
    readings.append(LabelledReading(person="a-unread", group="a", label="happy", reading=None))
    assert error_report(readings, seed=0).groups[0].accuracy is None


def test_labels_that_were_not_read_are_counted_and_are_neither_right_nor_wrong():
    readings = labelled("a", accuracy=2.0, num_people=20, seed=1)
    readings += [LabelledReading(person="a-1", group="a", label="happy", reading=None)] * 7
    [group] = error_report(readings, seed=0).groups
    assert (group.num_labels, group.num_unread) == (607, 7)
    assert group.accuracy is not None
    assert group.accuracy.value == 1.0


def test_one_person_with_many_labels_makes_no_narrow_interval():
    readings = labelled("a", accuracy=0.7, num_people=20, seed=1, num_labels=5)
    many = readings + labelled("a", accuracy=0.7, num_people=1, seed=3, num_labels=1_000)
    few_width, many_width = (
        (share.high - share.low)
        for share in (error_report(each, seed=0).groups[0].accuracy for each in (readings, many))
        if share is not None
    )
    assert many_width > few_width / 2
