"""A study from its purpose to a person's record, by the commands that a researcher types."""

import json
from pathlib import Path

import pytest

from core.documents import NOTICE
from tests.conftest import Run

STUDY = ("--purpose", "research", "--controller", "University of X", "--contact", "privacy@x.example")


@pytest.fixture
def studied(moodline: Run) -> Run:
    """A store with a study and one subject whose consent holds."""
    assert moodline("study", "add", "moods", *STUDY).returncode == 0
    assert moodline("subject", "add", "anna", "--study", "moods", "--version", "2026-1").returncode == 0
    return moodline


def refused(moodline: Run, *arguments: object) -> str:
    done = moodline(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    [line] = done.stderr.strip().splitlines()
    return line


def test_workplace_is_refused_and_the_refusal_is_logged(moodline: Run):
    line = refused(moodline, "study", "add", "desks", "--purpose", "workplace", *STUDY[2:])
    assert "purpose workplace is prohibited" in line
    [entry] = [json.loads(text) for text in moodline("audit", "show", "--json").stdout.splitlines()]
    assert (entry["action"], entry["about"]) == ("study refused", "desks")
    assert json.loads(moodline("study", "list", "--json").stdout or "null") is None


def test_notice_is_printed_for_those_who_are_filmed(studied: Run):
    notice = studied("study", "notice", "moods").stdout
    assert NOTICE in notice
    assert "University of X" in notice


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("subject", "add", "ben", "--study", "none", "--version", "1"), "no study none (known: moods)"),
        (("subject", "add", "anna", "--study", "moods", "--version", "1"), "subject anna is there already"),
        (("subject", "show", "zoe"), "no subject zoe"),
        (("subject", "timeline", "zoe"), "no subject zoe"),
        (("subject", "timeline", "anna", "--bin", "2d"), "--bin 2d: write a part of an hour"),
        (("subject", "timeline", "anna", "--zone", "Berlin"), "--zone Berlin: no such time zone"),
        (("subject", "consent", "anna", "--version", "2", "--until", "soon"), "'soon' is not a time"),
    ],
)
def test_what_is_wrong_is_one_line_with_the_remedy(studied: Run, arguments: tuple[str, ...], said: str):
    assert said in refused(studied, *arguments)


def test_nobody_is_analysed_after_withdrawing(studied: Run, face_clip: Path):
    assert studied("subject", "withdraw", "anna").returncode == 0
    assert "subject anna: no consent" in refused(studied, "analyze", face_clip, "--subject", "anna")
    assert studied("media", "--json").stdout == ""


def test_a_session_without_a_subject_is_refused(studied: Run, face_clip: Path):
    assert "name it with --subject" in refused(studied, "submit", face_clip, "--session", "monday")


def test_a_persons_record_from_a_clip(studied: Run, face_clip: Path, tmp_path: Path):
    when = ("--started-at", "2026-03-29T01:59:59+01:00")  # a second before Berlin's clocks go forward
    done = studied("analyze", face_clip, "--subject", "anna", "--session", "monday", *when, "--json")
    assert done.returncode == 0, done.stderr
    shown = json.loads(studied("subject", "show", "anna", "--json").stdout)
    assert [media["session"] for media in shown["media"]] == ["monday"]
    record = ("subject", "timeline", "anna", "--zone", "Europe/Berlin")
    document = json.loads(studied(*record, "--bin", "1h", "--format", "json").stdout)
    assert [point["start"] for point in document["points"]] == [
        "2026-03-29T01:00:00+01:00",
        "2026-03-29T03:00:00+02:00",
    ]
    assert [point["num_frames"] for point in document["points"]] == [12, 24]
    assert document["points"][0]["estimates"]["happy"]["mean"] > 0.5
    assert studied("subject", "baseline", "anna", "--session", "tuesday").returncode == 2
    assert studied("subject", "baseline", "anna", "--session", "monday").returncode == 0
    changes = json.loads(studied(*record, "--baseline", "newest", "--bin", "1mo", "--format", "json").stdout)
    assert changes["baseline"]["definition"] == "session monday"
    assert changes["points"][0]["changes"]["happy"]["mean"] == 0
    assert changes["points"][0]["estimates"]["happy"]["mean"] > 0.5
    table = studied(*record).stdout
    assert "2026-03-29" in table
    assert NOTICE in table
    assert studied(*record, "--format", "png", "--out", "anna.png").returncode == 0
    assert (tmp_path / "anna.png").stat().st_size > 10_000
    assert "no sitting of anna has it" in refused(studied, *record, "--condition", "calm")
    assert "there are: none" in refused(studied, "subject", "compare", "anna", "calm", "stress")
    log = studied("audit", "show").stdout
    assert log.count("timeline viewed") == 4
    assert studied("audit", "verify").stdout.startswith("whole: ")


def test_a_name_can_be_given_and_taken_back_later(studied: Run, face_clip: Path):
    media_id = json.loads(studied("analyze", face_clip, "--json").stdout)["media_id"]
    assert studied("subject", "appears", "anna", media_id).returncode == 0
    left_out = "it is not known when"
    assert left_out in studied("subject", "timeline", "anna").stdout
    assert studied("subject", "absent", "anna", face_clip).returncode == 0
    assert left_out not in studied("subject", "timeline", "anna").stdout


def test_an_erased_person_is_in_no_file_that_we_wrote(studied: Run, face_clip: Path, tmp_path: Path):
    canary = "canary-of-room-7"
    assert studied("subject", "add", canary, "--study", "moods", "--version", "1").returncode == 0
    when = ("--started-at", "2026-03-02T09:00:00Z")
    named = ("--subject", canary, "--session", "canary-monday")
    assert studied("analyze", face_clip, *named, *when, "--json").returncode == 0
    for form in ("csv", "png"):
        assert studied("subject", "timeline", canary, "--format", form, "--out", f"record.{form}").returncode == 0
    assert studied("subject", "report", canary, "--out", "report.html").returncode == 0
    assert canary in (tmp_path / "report.html").read_text()
    (tmp_path / "record.png").write_bytes(b"changed since")
    assert studied("subject", "erase", canary).returncode == 130  # nobody says yes
    assert studied("subject", "show", canary).returncode == 0
    done = studied("subject", "erase", canary, "--yes", "--out", "certificate.json")
    assert done.returncode == 0, done.stderr
    certificate = json.loads((tmp_path / "certificate.json").read_text())
    assert json.loads(done.stdout) == certificate
    assert certificate["num_rows_by_table"]["frame_row"] == 36
    assert certificate["removed_elsewhere"] == ["an export"] * 4  # a table, two manifests, a report
    assert certificate["left"] == ["an export that was changed after it was written"]
    assert str(face_clip) in done.stderr  # the original is named, and left alone
    assert face_clip.is_file()
    holding = [path.name for path in tmp_path.rglob("*") if path.is_file() and b"canary" in path.read_bytes()]
    assert holding == []
    assert studied("audit", "verify").returncode == 0
    assert "nothing to erase" in refused(studied, "subject", "erase", "--certificate", "certificate.json", "--yes")
    assert "must not come back" in refused(studied, "analyze", face_clip)


def test_what_is_due_by_term_goes_and_a_hold_keeps_it(studied: Run, face_clip: Path):
    assert studied("study", "add", "brief", *STUDY, "--retention-days", "30").returncode == 0
    assert studied("subject", "add", "ben", "--study", "brief", "--version", "1").returncode == 0
    when = ("--started-at", "2026-03-02T09:00:00Z")
    assert studied("analyze", face_clip, "--subject", "ben", *when, "--json").returncode == 0
    assert "--as-of: is for --dry-run" in refused(studied, "retention", "--as-of", "2027-01-01")
    assert studied("retention", "--dry-run", "--as-of", "2026-04-01").stdout == "0 media due\n"
    assert "due 2026-04-01" in studied("retention", "--dry-run", "--as-of", "2026-04-02").stdout
    assert studied("study", "hold", "brief").returncode == 0
    assert studied("retention", "--yes").stdout == "0 media due\n"
    assert studied("study", "release", "brief").returncode == 0
    assert studied("retention").returncode == 130  # nobody says yes
    done = studied("retention", "--yes")
    assert "removed 1 media" in done.stdout
    assert str(face_clip) in done.stderr
    assert studied("media", "--json").stdout == ""
