"""Change, groups and errors by group, by the commands that a researcher types."""

import json
from pathlib import Path

import pytest

from core.change.document import WORDING
from core.documents import NOTICE
from db.store import open_store
from tests.conftest import Run
from tests.simulated_change import write_changing_years
from tests.simulated_groups import write_groups
from tests.unit.core.people.test_labels import HEADER


@pytest.fixture
def two_years(moodline: Run, tmp_path: Path) -> Run:
    """A store with a person who changed and one who did not."""
    store = open_store(f"sqlite:///{tmp_path / 'moodline.db'}")
    write_changing_years(store, names=("stepping", "steady"))
    store.close()
    return moodline


@pytest.fixture
def three_groups(moodline: Run, tmp_path: Path) -> Run:
    """A store with a study of three groups, and labels.csv."""
    store = open_store(f"sqlite:///{tmp_path / 'moodline.db'}")
    lines = write_groups(store)
    store.close()
    (tmp_path / "labels.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return moodline


def refused(moodline: Run, *arguments: object) -> str:
    done = moodline(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    [line] = done.stderr.strip().splitlines()
    return line


def test_changes_of_a_person_from_the_store_to_a_picture(two_years: Run, tmp_path: Path):
    asked = ("subject", "changes", "stepping")
    assert two_years("subject", "baseline", "stepping", "--until", "2026-03-12").returncode == 0
    done = two_years(*asked, "--baseline", "newest", "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["status"] == "ok"
    assert 0 <= document["false_alarm_rate"] <= document["alpha"] == 0.05
    assert document["false_alarm_n"] == 1999
    [shift] = document["measures"]["happy"]["level_shifts"]["shifts"]
    assert shift["not_before"] <= "2026-07-20T08" <= shift["not_after"]
    assert shift["difference"] == pytest.approx(0.2, abs=0.05)
    assert document["measures"]["happy"]["sustained_shift"]["run"]["difference"] == pytest.approx(0.2, abs=0.05)
    told = two_years(*asked, "--measure", "happy", "--zone", "Europe/Berlin", "--out", "changes.png")
    assert told.returncode == 0, told.stderr
    assert "happy: the record changed about 2026-07" in told.stdout
    assert "False alarms: the same search finds something in" in told.stdout
    for sentence in (NOTICE, WORDING):
        assert " ".join(sentence.split()) in " ".join(told.stdout.split())
    assert (tmp_path / "changes.png").stat().st_size > 20_000
    nothing = two_years("subject", "changes", "steady")
    assert "No change is told" in nothing.stdout
    few = two_years("subject", "changes", "steady", "--min-readings", "13", "--json")
    assert json.loads(few.stdout)["status"] == "insufficient"
    assert "insufficient: 0 sessions" in two_years("subject", "changes", "steady", "--min-readings", "13").stdout
    assert "--measure joy: no such measure" in refused(two_years, *asked, "--measure", "joy")
    assert "--condition rage: no sitting of stepping has it; there are: calm" in refused(
        two_years, *asked, "--condition", "rage"
    )
    assert "is a picture, name it something.png" in refused(two_years, *asked, "--out", "changes.pdf")
    assert "has no baseline" in refused(two_years, "subject", "changes", "steady", "--baseline", "newest")
    assert two_years("audit", "show").stdout.count("looked_for: changes") == 5
    assert two_years("subject", "erase", "stepping", "--yes").returncode == 0
    assert not list(tmp_path.glob("changes.png*"))  # its manifest neither


def test_groups_are_compared_by_person_and_small_ones_suppressed(three_groups: Run):
    done = three_groups("study", "compare", "moods", "older", "younger", "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["contrasts"]["happy"]["num_first_people"] == 22
    assert document["contrasts"]["happy"]["low"] > 0
    suppressed = json.loads(three_groups("study", "compare", "moods", "older", "few", "--json").stdout)
    assert suppressed["status"] == "suppressed"
    assert set(suppressed["contrasts"].values()) == {None}
    table = three_groups("study", "compare", "moods", "older", "few").stdout
    assert "suppressed: fewer than 20 people" in table
    assert NOTICE in " ".join(table.split())
    assert "there are: few, older, younger" in refused(three_groups, "study", "compare", "moods", "older", "old")
    assert "is named twice" in refused(three_groups, "study", "compare", "moods", "older", "older")
    nobody = json.loads(
        three_groups("study", "compare", "moods", "older", "younger", "--condition", "rage", "--json").stdout
    )
    assert nobody["status"] == "suppressed"


def test_a_planted_gap_in_accuracy_is_reported_and_bad_labels_are_refused_by_row(three_groups: Run, tmp_path: Path):
    asked = ("study", "errors", "moods", "--labels")
    done = three_groups(*asked, "labels.csv", "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    groups = {each["group"]: each for each in document["groups"]}
    assert groups["few"] == {
        "group": "few",
        "status": "suppressed",
        "num_people": None,
        "num_labels": None,
        "num_unread": None,
        "accuracy": None,
    }
    assert groups["older"]["num_people"] == 22
    [gap] = document["gaps"]
    print(document)
    assert (gap["first"], gap["second"]) == ("older", "younger")
    assert 0 < gap["difference"]["low"] < 0.15 < gap["difference"]["high"]
    table = three_groups(*asked, "labels.csv").stdout
    assert "suppressed: fewer than 20 people" in table
    assert "younger less older: +" in table
    for row, said in (
        ("nobody.mp4,0,1,happy", "row 2: media 'nobody.mp4' is none with rows"),
        ("older-1.mp4,0,1,glad", "row 2: emotion 'glad' is none of"),
        ("older-1.mp4,3,1,happy", "row 2: end_seconds 1 is not after start_seconds 3"),
    ):
        (tmp_path / "bad.csv").write_text(f"{HEADER}\n{row}\n")
        assert said in refused(three_groups, *asked, "bad.csv")
    assert "cannot be read" in refused(three_groups, *asked, "none.csv")
    log = three_groups("audit", "show").stdout
    assert log.count("errors reported moods") == 2
    assert three_groups("audit", "verify").returncode == 0
