"""What chaos runs found: a line of JSON each, and one that sums them up (`python -m tests.chaos.report FILE`)."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

_SUMMED = ("rows_expected", "lost", "doubled", "kills")


def hand_in(report: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    """Print a run's report, and append it to the file that CHAOS_REPORT names."""
    with capsys.disabled():
        print("\n" + json.dumps(report))
    destination = os.environ.get("CHAOS_REPORT")
    if destination:
        with Path(destination).open("a") as file:
            file.write(json.dumps(report) + "\n")


def sum_up(reports: list[dict[str, Any]]) -> dict[str, Any]:
    """Return all runs as one: sums, the longest settling, every seed."""
    return {
        **{name: sum(report[name] for report in reports) for name in _SUMMED},
        "settle_seconds": max(report["settle_seconds"] for report in reports),
        "seeds": sorted({seed for report in reports for seed in report["seeds"]}),
    }


if __name__ == "__main__":
    lines = Path(sys.argv[1]).read_text().splitlines()
    print(json.dumps(sum_up([json.loads(line) for line in lines])))
