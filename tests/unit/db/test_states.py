"""The chart of states in docs/states.md names the states and the functions that there are."""

import re
from pathlib import Path

import pytest

from db import submission
from db.queue import ledger
from db.states import ChunkState, JobState


@pytest.fixture
def chart() -> str:
    return (Path(__file__).parents[3] / "docs" / "states.md").read_text()


def test_chart_shows_every_state_and_no_other(chart: str):
    shown = set(re.findall(r"^    (\w+) -->", chart, re.MULTILINE)) | set(re.findall(r"--> (\w+):", chart))
    assert shown == {state.value for state in (*JobState, *ChunkState)}


def test_chart_names_functions_that_exist(chart: str):
    for name in (
        "claim_next",
        "claim_chunk",
        "heartbeat",
        "commit_chunk",
        "fail_chunk",
        "release",
        "return_crashed",
        "release_dead_leases",
    ):
        assert name in chart
        assert callable(getattr(ledger, name))
    assert callable(submission.submit)
