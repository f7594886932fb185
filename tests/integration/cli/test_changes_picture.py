"""A picture of changes is drawn, of much and of too little."""

from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from cli.rendering.changes_png import write_changes_png
from core.change.search import Search, find_changes
from tests.session_series import make_baseline, make_series
from tests.unit.cli.rendering.test_changes import stepping

UTC = ZoneInfo("UTC")


@pytest.mark.parametrize("measures", [("valence",), ("happy", "sad", "valence"), Search().measures])
def test_a_picture_is_drawn_of_one_measure_or_all(measures: tuple[str, ...], tmp_path: Path):
    series = stepping()
    changes = find_changes(series, Search(measures=measures), baseline=make_baseline(series))
    write_changes_png(changes, tmp_path / "changes.png", subject_id="S01", zone=UTC)
    assert (tmp_path / "changes.png").stat().st_size > 20_000


@pytest.mark.parametrize("num_sessions", [0, 1, 5])
def test_a_picture_of_too_little_says_so_and_is_drawn_all_the_same(num_sessions: int, tmp_path: Path):
    changes = find_changes(make_series(np.linspace(0, 1, num_sessions)), Search())
    write_changes_png(changes, tmp_path / "changes.png", subject_id="S01", zone=UTC)
    assert (tmp_path / "changes.png").stat().st_size > 5_000
