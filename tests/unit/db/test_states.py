"""The chart of states in docs/states.md names the states and the functions that there are."""

import re
from pathlib import Path

from db import ledger, submission
from db.states import ChunkState, JobState

CHART = (Path(__file__).parents[3] / "docs" / "states.md").read_text()


def test_chart_shows_every_state_and_no_other():
    shown = set(re.findall(r"^    (\w+) -->", CHART, re.MULTILINE)) | set(re.findall(r"--> (\w+):", CHART))
    assert shown == {state.value for state in (*JobState, *ChunkState)}


def test_chart_names_functions_that_exist():
    for name in (
        "claim",
        "heartbeat",
        "commit_chunk",
        "fail_chunk",
        "release",
        "return_crashed",
        "release_dead_leases",
    ):
        assert name in CHART
        assert callable(getattr(ledger, name))
    assert callable(submission.submit)
