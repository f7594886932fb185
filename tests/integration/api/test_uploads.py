"""An upload is counted, probed and kept by its content; whatever else it claims to be is harmless."""

import time
from pathlib import Path

import pytest

from api.files.kept_files import folder_of
from tests.clips import Recipe, write_clip
from tests.integration.api.conftest import Served

BYTES = {"Content-Type": "application/octet-stream"}
PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
CONCAT = "ffconcat version 1.0\nfile /etc/passwd\n"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write_clip(tmp_path_factory.mktemp("upload") / "clip.mp4").read_bytes()


def send(served: Served, content, *, name: str = "clip.mp4", owner: str = "bob", **more):
    return served.post("/v1/media", owner, params={"name": name}, content=content, headers=BYTES | more)


def files_of(served: Served) -> list[Path]:
    return [path for path in served.settings.uploads.rglob("*") if path.is_file()]


def test_a_video_is_kept_by_its_content_and_read_only(served: Served, clip: bytes):
    answer = send(served, clip)
    assert answer.status_code == 201, answer.text
    document = answer.json()
    assert (document["name"], document["width_px"], document["size_bytes"]) == ("clip.mp4", 64, len(clip))
    assert document["media_id"] == document["sha256"][:16]
    [kept] = [path for path in files_of(served) if path.suffix == ".mp4"]
    assert kept.name == f"{document['sha256']}.mp4"
    assert kept.read_bytes() == clip
    assert kept.stat().st_mode & 0o777 == 0o444
    shown = served.get(f"/v1/media/{document['media_id']}", "bob").json()
    assert shown == document
    assert served.get(f"/v1/media/{document['media_id']}/timeline", "bob").json()["code"] == "NOTHING_TO_READ"


def test_the_same_bytes_again_are_the_same_media(served: Served, clip: bytes):
    first, again = send(served, clip), send(served, clip, name="other.mp4")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


def test_another_owner_with_the_same_bytes_has_a_file_of_its_own(served: Served, clip: bytes):
    media_id = send(served, clip, owner="bob").json()["media_id"]
    assert served.get(f"/v1/media/{media_id}", "local").status_code == 404
    assert send(served, clip, owner="local", name="mine.mp4").status_code == 201
    assert served.get(f"/v1/media/{media_id}", "bob").json()["name"] == "clip.mp4"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../../etc/cron.d/x.mp4", "x.mp4"),
        ("/etc/passwd", "passwd"),
        ("..\\..\\boot.mp4", "boot.mp4"),
        ("a\0b\nc.mp4", "abc.mp4"),
        ("..", ".."),
        ("", "video"),
        ("<img src=x onerror=alert(1)>.mp4", "<img src=x onerror=alert(1)>.mp4"),
        ("x.mp4/../../quarantine", "quarantine"),
        ("é" * 900, "é" * 200),
    ],
)
def test_a_name_is_for_people_and_never_a_path(served: Served, clip: bytes, name, shown):
    answer = send(served, clip, name=name)
    assert answer.status_code == 201, answer.text
    assert answer.json()["name"] == shown
    assert answer.headers["content-type"] == "application/json"
    digest = answer.json()["sha256"]
    kept = [path for path in files_of(served) if not path.name.endswith(".json")]
    assert [path.stem for path in kept] == [digest]
    assert all(path.is_relative_to(served.settings.uploads) for path in kept)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.m3u8", PLAYLIST),
        ("list.mp4", PLAYLIST),
        ("list.ffconcat", CONCAT),
        ("list.mp4", CONCAT),
        ("page.mp4", "<html>"),
        ("empty.mp4", ""),
        ("noise.mp4", bytes(range(256)) * 20),
        ("picture.mp4", b"\x89PNG\r\n\x1a\n" + bytes(100)),
    ],
)
def test_what_is_no_video_is_refused_and_nothing_of_it_stays(served: Served, name, content):
    answer = send(served, content, name=name)
    assert (answer.status_code, answer.json()["code"]) == (422, "NOT_A_USABLE_VIDEO")
    assert name in answer.json()["detail"]
    assert str(served.settings.uploads) not in answer.text
    assert files_of(served) == []


def test_a_cut_off_video_is_refused(served: Served, clip: bytes):
    answer = send(served, clip[: len(clip) // 2])
    assert answer.status_code == 422
    assert files_of(served) == []


def test_a_video_whose_index_promises_more_is_refused(served: Served, tmp_path: Path):
    whole = write_clip(tmp_path / "fast.mp4", Recipe(container_options={"movflags": "+faststart"})).read_bytes()
    answer = send(served, whole[: len(whole) * 9 // 10])
    assert (answer.status_code, answer.json()["code"]) == (422, "TRUNCATED")
    assert files_of(served) == []


def test_a_file_that_says_it_is_too_large_is_refused_before_it_is_read(served: Served):
    def never():
        raise AssertionError("the body was read")
        yield b""

    answer = send(served, never(), **{"Content-Length": "10000000000"})
    assert (answer.status_code, answer.json()["code"]) == (413, "FILE_TOO_LARGE")
    assert not served.settings.uploads.exists()


def test_a_file_that_is_larger_than_it_says_is_cut_short_at_the_cap(served: Served):
    def endless():
        for _ in range(1000):
            yield bytes(100_000)

    answer = send(served, endless())
    assert (answer.status_code, answer.json()["code"]) == (413, "FILE_TOO_LARGE")
    assert files_of(served) == []


def test_one_owners_quota_is_its_own(served: Served, clip: bytes):
    folder = folder_of(served.settings.uploads, "bob")
    folder.mkdir(parents=True)
    (folder / "earlier").write_bytes(bytes(300_000))
    answer = send(served, clip, owner="bob")
    assert (answer.status_code, answer.json()["code"]) == (429, "QUOTA_USED_UP")
    assert send(served, clip, owner="local").status_code == 201


def test_no_more_come_in_at_once_than_may(served: Served, clip: bytes):
    uploads = served.app.state.parts.uploads
    held = [uploads.begin("bob", "x", declared_bytes=None) for _ in range(2)]
    answer = send(served, clip)
    assert (answer.status_code, answer.json()["code"]) == (429, "TOO_MANY_UPLOADS")
    for incoming in held:
        uploads.end(incoming)
    assert send(served, clip).status_code == 201


def test_a_full_disk_is_said_and_not_filled_further(served: Served, clip: bytes, monkeypatch):
    monkeypatch.setattr("api.files.uploads.shutil.disk_usage", lambda _path: type("Usage", (), {"free": 0}))
    answer = send(served, clip)
    assert (answer.status_code, answer.json()["code"]) == (507, "DISK_FULL")
    assert files_of(served) == []


def test_a_disk_that_fills_up_meanwhile_is_not_filled_further(served: Served, clip: bytes, monkeypatch):
    looks = iter([10**9])
    monkeypatch.setattr(
        "api.files.uploads.shutil.disk_usage", lambda _path: type("Usage", (), {"free": next(looks, 0)})
    )
    answer = send(served, iter([clip]))  # nobody said how long it would be
    assert (answer.status_code, answer.json()["code"]) == (507, "DISK_FULL")
    assert files_of(served) == []


def test_a_small_file_of_very_many_pictures_is_refused(served: Served, tmp_path: Path):
    recipe = Recipe(num_frames=600, times_ms=tuple(range(600)), options={"preset": "ultrafast"})
    answer = send(served, write_clip(tmp_path / "fast.mkv", recipe).read_bytes(), name="fast.mkv")
    assert (answer.status_code, answer.json()["code"]) == (422, "NOT_A_USABLE_VIDEO")
    assert "more than 240 frames a second" in answer.json()["detail"]
    assert files_of(served) == []


def test_a_client_that_only_drips_loses_its_place(served: Served, clip: bytes, monkeypatch):
    monkeypatch.setattr("api.files.bodies._IDLE_SECONDS", 0.2)

    def drip():
        for _ in range(100):
            time.sleep(0.02)
            yield b"x"

    answer = send(served, drip())
    assert (answer.status_code, answer.json()["code"]) == (408, "UPLOAD_BROKEN_OFF")
    assert files_of(served) == []
    assert send(served, clip).status_code == 201
