"""Every wrong input or call ends in one clear line, the right exit code, no traceback and no half job."""

import json
import os
import re
import resource
import shutil
import sqlite3
import subprocess

import pytest

from tests.clips import Recipe, write_clip, write_picture, write_sound
from tests.conftest import MOODLINE

FASTSTART = {"movflags": "faststart"}


def truncated(path, *, share=0.7, **recipe):
    write_clip(path, Recipe(num_frames=60, width_px=640, height_px=480, **recipe))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


def make_bomb(path):
    """A small file whose pictures have 48 million pixels."""
    return write_clip(path, Recipe(width_px=8000, height_px=6000, num_frames=1, options={"preset": "ultrafast"}))


def make_bad_file(kind, folder):
    path = folder / "bad.mp4"
    if kind == "missing":
        return path
    if kind == "directory":
        path.mkdir()
    elif kind == "empty":
        path.touch()
    elif kind == "text":
        path.write_text("These are my notes, not a video.\n" * 50)
    elif kind == "picture named mp4":
        write_picture(path)
    elif kind == "picture":
        return write_picture(folder / "bad.png")
    elif kind == "audio only":
        write_sound(path)
    elif kind == "truncated without index":
        truncated(path)
    elif kind == "truncated with index":
        truncated(path, container_options=FASTSTART)
    elif kind == "bomb":
        make_bomb(path)
    elif kind == "1000 fps":
        write_clip(path, Recipe(num_frames=3000, fps=1000, options={"preset": "ultrafast", "g": "1000"}))
    else:
        write_clip(folder / "secret.mp4")
        text = {
            "hls playlist": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{}\n#EXT-X-ENDLIST\n",
            "concat list": "ffconcat version 1.0\nfile {}\n",
        }[kind]
        target = folder / "secret.mp4"
        path.write_text(text.format(target if kind == "hls playlist" else target.name))
    return path


BAD_FILES = {
    "missing": "no such file",
    "directory": "director",
    "empty": "empty",
    "text": "not a video",
    "picture named mp4": "moodline faces",
    "picture": "moodline faces",
    "audio only": "audio|no video|no picture",
    "truncated without index": "index|cut off|truncated",
    "truncated with index": "--allow-truncated",
    "hls playlist": "playlist|points to|other files",
    "concat list": "playlist|points to|other files|list",
    "bomb": "8000x6000.*pixels",
    "1000 fps": "fps|frames a second|frames per second",
}


def assert_one_clear_line(result, *, code, mentions):
    assert result.returncode == code, result.stderr
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("moodline: ")
    assert re.search(mentions, lines[0]), lines[0]
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_is_refused_in_one_line_and_leaves_no_job(kind, moodline, tmp_path):
    path = make_bad_file(kind, tmp_path)
    result = moodline("analyze", path, "--db", "sqlite:///store.db")
    assert_one_clear_line(result, code=2, mentions=BAD_FILES[kind])
    assert path.name in result.stderr
    assert count_jobs(tmp_path / "store.db") == 0


def count_jobs(store):
    if not store.exists():
        return 0
    with sqlite3.connect(store) as connection:
        return connection.execute("SELECT count(*) FROM job").fetchone()[0]


#: Root may read every file unless it gives that right up.
AS_A_USER = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(tmp_path):
    path = write_clip(tmp_path / "secret.mp4")
    path.chmod(0)
    command = [*(AS_A_USER if os.geteuid() == 0 else []), MOODLINE, "analyze", path]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert_one_clear_line(result, code=2, mentions=r"secret\.mp4 may not be read.*permissions")


@pytest.mark.parametrize(
    ("arguments", "mentions"),
    [
        (("--rate", "fast"), "--rate"),
        (("--rate", "0"), "--rate"),
        (("--rate", "-5"), "--rate"),
        (("--rate", "nan"), "--rate"),
        (("--min-face", "3"), "--min-face"),
        (("--min-score", "80"), "--min-score"),
        (("--format", "pdf"), "pdf"),
        (("--bin", "soon"), "--bin soon"),
        (("--model", "huge"), "huge"),
        (("--colour",), "--colour"),
        (("--db", "mysql://x/y"), "mysql"),
        (("--db", "nonsense"), "nonsense"),
        (("--db", "sqlite:////no/such/folder/store.db"), "/no/such/folder"),
    ],
)
def test_a_wrong_option_is_named_with_its_value(arguments, mentions, moodline, face_clip):
    assert_one_clear_line(moodline("analyze", face_clip, *arguments), code=2, mentions=mentions)


@pytest.mark.parametrize("command", ["timeline", "frames"])
def test_a_media_that_was_never_analysed_is_named(command, moodline, face_clip):
    moodline("db", "upgrade")
    assert_one_clear_line(moodline(command, "--media", face_clip), code=2, mentions="no media")
    assert_one_clear_line(moodline(command, "--media", "feedbeef"), code=2, mentions="feedbeef")
    assert_one_clear_line(moodline(command, "--media", "gone.mp4"), code=2, mentions=r"gone\.mp4: no such file")
    assert_one_clear_line(moodline(command, "--media", face_clip, "--db", "sqlite:///x.db"), code=2, mentions=r"x\.db")


def test_a_file_that_is_no_store_is_left_alone(moodline, face_clip, tmp_path):
    (tmp_path / "diary.db").write_text("Dear diary, this is not a database. " * 20)
    before = (tmp_path / "diary.db").read_bytes()
    result = moodline("analyze", face_clip, "--db", "sqlite:///diary.db")
    assert_one_clear_line(result, code=2, mentions="not a Moodline store")
    assert (tmp_path / "diary.db").read_bytes() == before


def test_a_full_disk_is_said_and_the_run_goes_on_when_there_is_room(moodline, face_clip, tmp_path):
    moodline("db", "upgrade")
    size_bytes = 40_000  # less than the write-ahead log of the run's rows

    def no_more_room():
        # no file may grow beyond it, as on a full disk; SIGXFSZ is ignored by Python, so writing fails
        resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, size_bytes))

    result = subprocess.run(
        [MOODLINE, "analyze", face_clip],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        preexec_fn=no_more_room,
        check=False,
    )
    assert result.returncode == 3, result.stderr
    assert "full" in result.stderr
    assert "Traceback" not in result.stderr
    assert moodline("analyze", face_clip, "--json").returncode == 0


def test_a_truncated_file_is_analysed_on_request_and_ends_with_errors(moodline, tmp_path):
    path = truncated(tmp_path / "cut.mp4", container_options=FASTSTART)
    result = moodline("analyze", path, "--allow-truncated", "--json")
    assert result.returncode == 1, result.stderr
    summary = json.loads(result.stdout)
    assert summary["state"] == "completed_with_errors"
    assert summary["error_code"] == "TRUNCATED"
    assert 0 < summary["num_frames"] < 60


def test_a_bad_picture_is_refused_in_one_line(moodline, tmp_path):
    (tmp_path / "notes.png").write_text("not a picture")
    assert_one_clear_line(moodline("faces", "notes.png"), code=2, mentions=r"notes\.png")
    assert_one_clear_line(moodline("faces", "missing.png"), code=2, mentions=r"missing\.png")
    assert_one_clear_line(moodline("faces", "."), code=2, mentions="directory")
