"""What is told of change, in words and as a picture, with what it rests on."""

from zoneinfo import ZoneInfo

import numpy as np
from rich.console import Console

from cli.rendering.changes import render_changes
from core.change.document import WORDING
from core.change.search import Search, find_changes
from core.documents import NOTICE
from tests.session_series import make_baseline, make_series, null_year

UTC = ZoneInfo("UTC")


def stepping():
    values = np.random.default_rng(1).normal(0.2, 0.05, 50)
    values[25:] += 0.15
    return make_series(values, conditions=[("calm", "stress")[index % 2] for index in range(50)])


def text(changes) -> str:
    console = Console(width=200)
    with console.capture() as capture:
        console.print(render_changes(changes, subject_id="S01", zone=UTC))
    return capture.get()


def test_a_told_change_is_a_sentence_with_date_size_and_false_alarms():
    series = stepping()
    told = text(find_changes(series, Search(measures=("valence",)), baseline=make_baseline(series)))
    assert "valence: the record changed about 2026-06-2" in told
    assert "away from the baseline from 2026-0" in told
    assert "of 1999 shuffled records" in told
    for sentence in (NOTICE, WORDING):
        assert sentence in " ".join(told.split())


def test_a_line_is_told_as_one_and_not_as_a_stair_too():
    values = np.random.default_rng(2).normal(0.2, 0.05, 50) + np.linspace(0, 0.4, 50)
    changes = find_changes(make_series(values), Search(measures=("valence",)))
    assert changes.measures is not None
    assert changes.measures[0].shifts
    told = text(changes)
    assert "valence: the record rose by 0.03" in told
    assert "steps tell it less simply" in told
    assert "the record changed about" not in told


def test_nothing_told_is_said_so():
    assert "No change is told" in text(find_changes(null_year(1), Search(num_shuffles=400)))


def test_neighbours_that_resemble_each_other_are_warned_of():
    series = null_year(3, neighbours=0.8)
    changes = find_changes(series, Search(num_shuffles=400))
    assert changes.measures is not None
    assert any(each.is_changed for each in changes.measures)
    assert "neighbouring sessions resemble each other" in text(changes)


def test_too_few_sessions_and_poor_baselines_are_named():
    assert "insufficient: 5 sessions with a value, and 8" in text(find_changes(make_series(np.arange(5.0)), Search()))
    series = null_year(1)
    poor = find_changes(series, Search(num_shuffles=400), baseline=make_baseline(series, num_sessions=3))
    assert "baseline 1 has 3 sessions, too few" in text(poor)
