"""Two model versions are kept ready, the third replaces the one used longest ago."""

import pytest

from fer_model.checkpoints.card import find_card, read_card
from tests.pool_fakes import FakeProcess
from video.limits import MediaLimits
from worker.analysis.processes import AnalysisProcesses, ModelAbsent, starts_installed_models


def test_versions_are_kept_and_the_one_used_longest_ago_ends_first():
    started: dict[str, FakeProcess] = {}

    def start(version: str):
        started[version] = FakeProcess()
        return started[version]

    processes = AnalysisProcesses(start)  # type: ignore[arg-type]
    first = processes.of("a")
    processes.of("b")
    assert processes.of("a") is first
    processes.of("c")
    assert {version: process.num_stops for version, process in started.items()} == {"a": 0, "b": 1, "c": 0}
    processes.stop()
    assert all(process.num_stops == 1 for process in started.values())


def test_shipped_version_is_found_and_an_unknown_one_is_named():
    start = starts_installed_models(more_cards=None, device="cpu", limits=MediaLimits())
    assert start(read_card(find_card("small")).version) is not None
    with pytest.raises(ModelAbsent, match="no model small-000000000000 is installed here"):
        start("small-000000000000")
