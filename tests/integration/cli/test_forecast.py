"""A forecast learned, judged and shown by the commands that a researcher types."""

import json
from pathlib import Path

import pytest

from core.documents import NOTICE
from db.store import open_store
from tests.conftest import Run
from tests.integration.cli.test_changes import refused
from tests.simulated_groups import write_groups


@pytest.fixture
def filmed(moodline: Run, tmp_path: Path) -> Run:
    """A store with 49 sessions of half a minute."""
    store = open_store(f"sqlite:///{tmp_path / 'moodline.db'}")
    write_groups(store)
    store.close()
    return moodline


def test_a_forecast_from_the_store_to_the_next_bins(filmed: Run, tmp_path: Path):
    done = filmed("forecast", "train", "--study", "moods", "--out", "next", "--epochs", "3")
    assert done.returncode == 0, done.stderr
    assert "On sessions that it never saw, the network" in done.stdout
    card = json.loads((tmp_path / "next" / "forecast.json").read_text())
    assert "older" not in json.dumps(card)  # no pseudonym, no session
    judged = json.loads(filmed("forecast", "evaluate", "next", "--json").stdout)
    assert judged["verdict"] == card["evaluation"]["verdict"]
    assert [each["num_bins_ahead"] for each in judged["horizons"]] == [1, 5, 10]
    assert judged["horizons"][0]["num_sessions"] == 49 - len(card["known_sessions"]) == 12
    assert "persistence" in filmed("forecast", "evaluate", "next").stdout
    media_id = json.loads(filmed("media", "--json").stdout.splitlines()[0])["media_id"]
    rows_before = filmed("frames", "--media", media_id).stdout
    shown = json.loads(filmed("forecast", "show", "next", media_id, "--json").stdout)
    assert {each["kind"] for each in shown["bins"]} == {"read"}
    assert [each["kind"] for each in shown["forecast"]] == ["forecast"] * 10
    assert shown["forecast"][0]["start_seconds"] == shown["bins"][-1]["start_seconds"] + 1
    assert sum(shown["forecast"][9]["probs"].values()) == pytest.approx(1, abs=1e-4)
    table = " ".join(filmed("forecast", "show", "next", media_id).stdout.split())
    assert "Rows marked forecast were not read; nothing of them is stored." in table
    assert NOTICE in table
    assert filmed("frames", "--media", media_id).stdout == rows_before
    assert filmed("audit", "show").stdout.count("forecast trained moods") == 1
    assert filmed("subject", "erase", "older-3", "--yes").returncode == 0
    assert not list((tmp_path / "next").iterdir())  # what was learned from an erased person goes too


def test_what_is_wrong_is_one_line_with_the_remedy(filmed: Run, tmp_path: Path):
    train = ("forecast", "train", "--out", "next")
    assert "say whose history" in refused(filmed, *train)
    assert "say whose history" in refused(filmed, *train, "--all", "--study", "moods")
    assert "no study none" in refused(filmed, *train, "--study", "none")
    assert "--bin whole: a forecast needs bins" in refused(filmed, *train, "--all", "--bin", "whole")
    assert "a forecast needs 10 sessions" in refused(filmed, *train, "--all", "--bin", "10s")
    assert "next: holds no forecast" in refused(filmed, "forecast", "evaluate", "next")
    assert not (tmp_path / "next" / "forecast.json").exists()
