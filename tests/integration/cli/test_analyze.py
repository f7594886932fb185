"""The main job through the installed command: a clip in, rows and a timeline out."""

import csv
import io
import json
import re

import pytest


@pytest.fixture
def analysed(moodline, face_clip):
    """Analyse the face clip into the folder's own store; return what was printed."""
    result = moodline("analyze", face_clip, "--json")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def lines_of(result):
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_clip_becomes_one_row_a_frame_with_its_faces(analysed, moodline, face_clip):
    assert {key: analysed[key] for key in ("state", "num_frames", "num_face_frames", "num_faces")} == {
        "state": "done",
        "num_frames": 36,
        "num_face_frames": 24,
        "num_faces": 24,
    }
    frames = lines_of(moodline("frames", "--media", face_clip, "--format", "json"))
    assert [frame["frame_index"] for frame in frames] == list(range(36))
    assert [frame["pts_seconds"] for frame in frames] == pytest.approx([i / 12 for i in range(36)], abs=1e-6)
    assert [frame["status"] for frame in frames] == ["face"] * 12 + ["no_face"] * 12 + ["face"] * 12
    face = frames[0]["faces"][0]
    assert {"face_index", "box", "score", "probs"} <= face.keys()
    assert sum(face["probs"].values()) == pytest.approx(1, abs=1e-5)
    assert face["top"] == "happy"


def test_the_timeline_shows_the_face_nobody_and_the_face(analysed, moodline):
    (timeline,) = lines_of(moodline("timeline", "--media", analysed["media_id"], "--bin", "1s", "--format", "json"))
    assert timeline["media_id"] == analysed["media_id"]
    assert timeline["bin_seconds"] == 1.0
    assert [point["start_seconds"] for point in timeline["points"]] == [0.0, 1.0, 2.0]
    assert [point["top"] for point in timeline["points"]] == ["happy", None, "happy"]
    assert timeline["points"][1]["probs"] is None
    assert [point["num_face_frames"] for point in timeline["points"]] == [12, 0, 12]


def test_the_same_call_again_adds_nothing_and_force_adds_a_generation(analysed, moodline, face_clip):
    again = moodline("analyze", face_clip, "--json")
    assert json.loads(again.stdout) == analysed
    assert "analysed before" in again.stderr
    (forced,) = lines_of(moodline("analyze", face_clip, "--json", "--force"))
    assert forced["job_id"] != analysed["job_id"]
    assert forced["num_frames"] == 36
    (media,) = lines_of(moodline("media", "--json"))
    assert media["num_jobs"] == 2
    assert media["job_id"] == forced["job_id"]


def test_frames_are_sampled_by_time(moodline, face_clip):
    (summary,) = lines_of(moodline("analyze", face_clip, "--json", "--rate", "4", "--landmarks"))
    assert summary["num_frames"] == 12
    frames = lines_of(moodline("frames", "--media", face_clip))
    assert [frame["frame_index"] for frame in frames] == list(range(0, 36, 3))
    assert len(frames[0]["faces"][0]["landmarks"]) == 5


def test_every_format_is_written(moodline, face_clip, tmp_path):
    formats = ("json", "csv", "png", "html", "table")
    options = [part for name in formats for part in ("--format", name)]
    result = moodline("analyze", face_clip, "--rate", "4", "--out", "results", *options)
    assert result.returncode == 0, result.stderr
    written = {path.suffix: path for path in (tmp_path / "results").iterdir()}
    assert set(written) == {f".{name}" for name in formats}
    assert json.loads(written[".json"].read_text())["points"]
    assert written[".png"].read_bytes().startswith(b"\x89PNG")
    page = written[".html"].read_text()
    assert "Plotly.newPlot" in page
    assert not re.search(r"<(script|link|img)[^>]+(src|href)=.?http", page), "the page must work offline"


def test_frames_as_csv_open_without_options(analysed, moodline, face_clip):
    rows = list(csv.DictReader(io.StringIO(moodline("frames", "--media", face_clip, "--format", "csv").stdout)))
    assert len(rows) == 36
    assert {row["status"] for row in rows} == {"face", "no_face"}
    assert analysed["num_faces"] == sum(row["face_index"] != "" for row in rows)


def test_a_smoothed_timeline_says_so(analysed, moodline, face_clip):
    (timeline,) = lines_of(moodline("timeline", "--media", face_clip, "--format", "json", "--smooth"))
    assert timeline["smoothed"] is True
    assert [point["top"] for point in timeline["points"]] == ["happy", None, "happy"]
    assert analysed["state"] == "done"


def test_of_many_files_the_bad_one_stops_no_other(moodline, face_clip, tmp_path):
    (tmp_path / "notes.mp4").write_text("not a video")
    result = moodline("analyze", tmp_path / "notes.mp4", face_clip, "--rate", "2", "--json")
    assert result.returncode == 1
    assert json.loads(result.stdout)["num_frames"] == 6
    assert "notes.mp4" in result.stderr


def test_a_picture_is_read_without_a_store(moodline, tmp_path):
    import cv2

    from tests.conftest import portrait

    cv2.imwrite(str(tmp_path / "face.png"), portrait(width_px=320)[..., ::-1])
    cv2.imwrite(str(tmp_path / "nobody.png"), portrait(width_px=320)[:20, :20])
    (found,) = lines_of(moodline("faces", "face.png", "--json"))
    assert [face["top"] for face in found["faces"]] == ["happy"]
    assert "appears happy" in moodline("faces", "face.png").stdout
    (nobody,) = lines_of(moodline("faces", "nobody.png", "--json"))
    assert nobody["faces"] == []
    assert not list(tmp_path.glob("*.db"))


def test_the_doctor_finds_this_machine_well(moodline):
    result = moodline("doctor", "--json")
    report = json.loads(result.stdout)
    assert report["ok"] is True, report
    assert result.returncode == 0


def test_the_store_is_made_by_hand_too(moodline):
    assert moodline("db", "upgrade", "--db", "sqlite:///new.db").returncode == 0
    result = moodline("media", "--db", "sqlite:///new.db")
    assert "empty" in result.stdout
