"""Exports, their manifests, and a row made again from its manifest, by the commands that a researcher types."""

import hashlib
import json
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from core.documents import NOTICE
from tests.conftest import MOODLINE, Run


@pytest.fixture(scope="module")
def archive(face_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with a clip in it."""
    url = f"sqlite:///{tmp_path_factory.mktemp('archive') / 'rows.db'}"
    subprocess.run([MOODLINE, "analyze", face_clip, "--db", url], check=True, capture_output=True)
    return url


@pytest.fixture
def analysed(moodline: Run, archive: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command, with that store for its own."""
    monkeypatch.setenv("MOODLINE_DB_URL", archive)
    return moodline


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_a_timelines_file_has_a_manifest_that_fits_it(analysed: Run, face_clip: Path, tmp_path: Path, form: str):
    out = tmp_path / f"clip.{form}"
    done = analysed("timeline", "--media", face_clip, "--bin", "0.5s", "--format", form, "--out", out)
    assert done.returncode == 0, done.stderr
    manifest = json.loads(Path(f"{out}.manifest.json").read_text())
    assert manifest["file"]["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert manifest["notice"] == NOTICE
    assert manifest["question"]["bin"] == "0.5s"
    [source] = manifest["sources"]
    assert source["media_sha256"] == hashlib.sha256(face_clip.read_bytes()).hexdigest()
    assert "moodline" in json.loads(source["software"][0])
    read = {"csv": pd.read_csv, "jsonl": lambda path: pd.read_json(path, lines=True), "parquet": pd.read_parquet}[form]
    assert list(read(out).columns) == [column["name"] for column in manifest["columns"]]


def test_a_stores_password_is_not_in_a_manifest(moodline: Run, archive: str, face_clip: Path, tmp_path: Path):
    out = tmp_path / "rows.csv"
    call = ("frames", "--media", face_clip, "--format", "csv", "--out", out)
    for store in (("--db", archive), (f"--db={archive}",)):
        assert moodline(*call, *store).returncode == 0
        assert "sqlite" not in Path(f"{out}.manifest.json").read_text()


def test_any_row_is_made_again_from_its_manifest(analysed: Run, face_clip: Path, tmp_path: Path):
    rows = [json.loads(line) for line in analysed("frames", "--media", face_clip).stdout.splitlines()]
    for row in (rows[0], rows[len(rows) // 2], rows[-1]):
        manifest = tmp_path / f"{row['frame_index']}.json"
        assert analysed("provenance", face_clip, row["frame_index"], "--out", manifest).returncode == 0
        done = analysed("reproduce", manifest, "--json")
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        assert found["num_faces"] == found["num_faces_stored"] == len(row["faces"])
        assert found["worst_probability_difference"] <= 1e-6
        assert found["software_changed"] == {}


def test_a_row_that_was_tampered_with_is_not_reproduced(analysed: Run, face_clip: Path, tmp_path: Path):
    manifest = tmp_path / "row.json"
    assert analysed("provenance", face_clip, 0, "--out", manifest).returncode == 0
    document = json.loads(manifest.read_text())
    probs = document["faces"][0]["probs"]
    probs[0], probs[1] = probs[0] + 1e-5, probs[1] - 1e-5
    manifest.write_text(json.dumps(document))
    done = analysed("reproduce", manifest)
    assert done.returncode == 1
    assert "NOT reproduced" in done.stdout
    document["faces"] = []
    manifest.write_text(json.dumps(document))
    assert analysed("reproduce", manifest, "--json").returncode == 1


def test_wrong_manifests_and_videos_are_one_line(analysed: Run, face_clip: Path, long_clip: Path, tmp_path: Path):
    manifest = tmp_path / "row.json"
    assert analysed("provenance", face_clip, 0, "--out", manifest).returncode == 0
    (tmp_path / "none.json").write_text('{"form": "else"}')
    for arguments, said in (
        (("reproduce", tmp_path / "none.json"), "is no row manifest"),
        (("reproduce", tmp_path / "absent.json"), "cannot be read"),
        (("reproduce", manifest, "--video", long_clip), "is not the video that was analysed"),
        (("reproduce", manifest, "--video", tmp_path / "gone.mp4"), "say where it is with --video"),
        (("provenance", face_clip, 10_000), "has no row of it"),
        (("timeline", "--media", face_clip, "--format", "parquet"), "name a file with --out"),
        (("timeline", "--media", face_clip, "--bin", "whole", "--format", "textgrid"), "another --bin than whole"),
        (("frames", "--media", face_clip, "--out", tmp_path / "x"), "goes with --format csv"),
    ):
        done = analysed(*arguments)
        assert done.returncode == 2, arguments
        [line] = done.stderr.strip().splitlines()
        assert said in line
