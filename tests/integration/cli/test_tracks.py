"""Two people in one picture, from the film to each one's record, by the commands that a researcher types."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from cli.main import exit_code_of
from tests.conftest import Run, portrait
from video.encode import write_clip

STUDY = ("--purpose", "research", "--controller", "University of X", "--contact", "privacy@x.example")


@pytest.fixture(scope="module")
def pair_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of two faces side by side: a face, and its dim mirror image."""
    path = tmp_path_factory.mktemp("clips") / "pair.mp4"
    face = portrait(width_px=320)
    dim = (face[:, ::-1] * 0.6).astype(np.uint8)
    write_clip(path, [np.hstack([face, dim])] * 24, fps=12)
    return path


@pytest.fixture
def pair(moodline: Run, pair_clip: Path) -> Run:
    """A store with the film analysed, and two subjects."""
    assert moodline("study", "add", "moods", *STUDY).returncode == 0
    for subject in ("anna", "ben"):
        assert moodline("subject", "add", subject, "--study", "moods", "--version", "1").returncode == 0
    assert moodline("analyze", pair_clip, "--started-at", "2026-05-04T09:00:00Z").returncode == 0
    return moodline


def done(moodline: Run, *arguments: object) -> str:
    finished = moodline(*arguments)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def checksum(moodline: Run, clip: Path) -> str:
    return done(moodline, "tracks", "history", clip).splitlines()[-1]


def readings(moodline: Run, subject: str) -> int:
    record = json.loads(done(moodline, "subject", "timeline", subject, "--format", "json"))
    return sum(point["num_readings"] for point in record["points"])


def test_each_of_two_people_gets_the_readings_of_its_own_face(pair: Run, pair_clip: Path):
    left, right = (json.loads(line) for line in done(pair, "tracks", "list", pair_clip, "--json").splitlines())
    assert left["num_faces"] == right["num_faces"] == 24
    before = checksum(pair, pair_clip)
    done(pair, "tracks", "assign", pair_clip, left["track"], "--subject", "anna", "--session", "monday")
    done(pair, "tracks", "assign", pair_clip, right["track"], "--subject", "ben")
    assert readings(pair, "anna") == left["num_readings"]
    assert readings(pair, "ben") == right["num_readings"]
    assert "ben" in done(pair, "tracks", "list", pair_clip)

    done(pair, "tracks", "split", pair_clip, right["track"], "--at", 1)
    assert readings(pair, "ben") < right["num_readings"]
    for _ in range(3):
        done(pair, "tracks", "undo", pair_clip)
    assert checksum(pair, pair_clip) == before
    assert done(pair, "tracks", "history", pair_clip).count("undone") == 3


def test_a_sheet_shows_everybody_and_blurs_who_must_not_be_seen(pair: Run, pair_clip: Path, tmp_path: Path):
    left, right = (json.loads(line)["track"] for line in done(pair, "tracks", "list", pair_clip, "--json").splitlines())
    done(pair, "tracks", "sheet", pair_clip, "--out", "all.png", "--faces", 2)
    done(pair, "tracks", "sheet", pair_clip, "--out", "blurred.png", "--faces", 2, "--blur-unassigned")
    done(pair, "tracks", "assign", pair_clip, left, "--subject", "anna")
    done(pair, "tracks", "assign", pair_clip, right, "--subject", "ben")
    done(pair, "subject", "withdraw", "anna")
    done(pair, "tracks", "sheet", pair_clip, "--out", "withdrawn.png", "--faces", 2)
    sharpness = [faces_of(tmp_path / name) for name in ("all.png", "blurred.png", "withdrawn.png")]
    everybody, nobody, only_ben = ([value > 300 for value in values] for values in sharpness)
    assert (everybody, nobody, sorted(only_ben)) == ([True, True], [False, False], [False, True])
    # the sheets that show anna as such go with her
    done(pair, "subject", "erase", "anna", "--yes")
    assert not (tmp_path / "withdrawn.png").exists()
    assert (tmp_path / "all.png").exists()
    shown = [json.loads(line) for line in done(pair, "audit", "show", "--json").splitlines()]
    assert [entry["action"] for entry in shown].count("tracks shown") == 4


def faces_of(path: Path) -> list[float]:
    """How much fine detail the first face of each of two rows has."""
    sheet = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    return [float(cv2.Laplacian(sheet[top + 20 : top + 76, 350:406], cv2.CV_64F).var()) for top in (64, 186)]


WRONG = [
    (("assign", "CLIP", "77", "--subject", "anna"), "track 77: there is none of this number now"),
    (("assign", "CLIP", "0"), "--subject ID, or --nobody"),
    (("assign", "CLIP", "0", "--subject", "zoe"), "there is no subject zoe"),
    (("merge", "CLIP", "0", "1"), "are both seen at 0 s"),
    (("split", "CLIP", "0", "--at", "99"), "is not seen both before and after 99 s"),
    (("undo", "CLIP"), "no decision about these tracks stands"),
    (("sheet", "CLIP", "--out", "a.png", "--only-assigned"), "no track to show"),
    (("list", "none.mp4"), "no such file"),
]


def test_what_is_wrong_is_one_line_with_the_remedy(pair: Run, pair_clip: Path):
    for arguments, said in WRONG:
        finished = pair("tracks", *(pair_clip if each == "CLIP" else each for each in arguments))
        assert finished.returncode == 2
        [line] = finished.stderr.strip().splitlines()
        assert said in line


def test_a_face_is_one_track_over_all_chunks(moodline: Run, tmp_path: Path):
    face = portrait(width_px=160)
    frames = (np.roll(face, round(6 * np.sin(index / 12)), axis=1) for index in range(1300))
    write_clip(tmp_path / "sway.mp4", frames, fps=25, gop_size=100)
    done(moodline, "analyze", "sway.mp4", "--rate", 5)
    [track] = [json.loads(line) for line in done(moodline, "tracks", "list", "sway.mp4", "--json").splitlines()]
    assert (len(track["parts"]), track["num_faces"]) == (3, 260)


class Brightness:
    """Stands for an embedder: bright faces are alike, and dim ones."""

    weights_sha256 = "f" * 64

    def embed(self, faces):
        angles = [float(face.mean()) / 255 * np.pi for face in faces]
        return [np.array([np.cos(angle), np.sin(angle)], np.float32) for angle in angles]


def test_tracks_are_proposed_to_those_who_agreed_and_assigned_to_nobody(
    pair: Run, pair_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("fer_model.identity.load_embedder", lambda _path: Brightness())
    ask = ["tracks", "identify", str(pair_clip), "--weights", "any.pt", "--study", "moods", "--min-margin", "0.01"]
    assert exit_code_of(ask) == 2
    assert "covers comparing faces" in capsys.readouterr().err
    for subject in ("anna", "ben"):
        done(pair, "subject", "consent", subject, "--version", "2", "--identity")
    left, right = (json.loads(line)["track"] for line in done(pair, "tracks", "list", pair_clip, "--json").splitlines())
    assert exit_code_of(ask) == 0
    assert capsys.readouterr().out.count("unknown") == 2  # nobody is enrolled
    done(pair, "tracks", "assign", pair_clip, left, "--subject", "anna")
    done(pair, "tracks", "assign", pair_clip, right, "--subject", "ben")
    assert exit_code_of(ask) == 0
    assert "2 subjects are enrolled" in capsys.readouterr().out

    # another film of the same two, the other way round
    other = tmp_path / "other.mp4"
    face = portrait(width_px=320)
    write_clip(other, [np.hstack([(face * 0.6).astype(np.uint8), face[:, ::-1]])] * 12, fps=12)
    done(pair, "analyze", other)
    before = checksum(pair, other)
    assert exit_code_of([*ask[:2], str(other), *ask[3:]]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines() if line[:3].strip().isdigit()]
    proposed = {int(cells[0]): cells[1] for cells in lines}
    first = json.loads(done(pair, "frames", "--media", other).splitlines()[0])
    dim, bright = sorted(first["faces"], key=lambda each: each["box"][0])
    assert (proposed[dim["track"]], proposed[bright["track"]]) == ("ben", "anna")
    assert checksum(pair, other) == before
