"""A file is fetched whole, under the name of its content, or not at all."""

import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from core.errors import EnvironmentFault, InputError
from producer.fetching import fetch
from producer.sources import MediaUrl

CONTENT = b"not really a video" * 1000


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        return


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    served = tmp_path / "served"
    served.mkdir()
    (served / "clip.MP4").write_bytes(CONTENT)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(served)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_file_is_named_by_its_content_and_read_only(address: str, tmp_path: Path):
    folder = tmp_path / "fetched"
    first, again = (fetch(MediaUrl(url=f"{address}/clip.MP4?a={n}"), folder, max_bytes=10**6) for n in (1, 2))
    assert first == again == folder / f"{hashlib.sha256(CONTENT).hexdigest()}.mp4"
    assert first.read_bytes() == CONTENT
    assert first.stat().st_mode & 0o777 == 0o444
    assert list(folder.iterdir()) == [first]


@pytest.mark.parametrize(
    ("name", "max_bytes", "message"),
    [("clip.MP4", 100, "larger than 100 bytes"), ("none.mp4", 10**6, "cannot be fetched \\(FileNotFoundError\\)")],
)
def test_what_is_too_large_or_not_there_leaves_nothing(
    address: str, tmp_path: Path, name: str, max_bytes: int, message: str
):
    folder = tmp_path / "fetched"
    with pytest.raises(InputError, match=message):
        fetch(MediaUrl(url=f"{address}/{name}"), folder, max_bytes=max_bytes)
    assert list(folder.iterdir()) == []


def test_password_of_an_address_is_in_no_message(tmp_path: Path):
    with pytest.raises(InputError) as raised:
        fetch(MediaUrl(url="http://user:S3cret@127.0.0.1:1/clip.mp4?key=S3cret"), tmp_path, max_bytes=10)
    assert "S3cret" not in str(raised.value)


def test_store_whose_package_is_missing_names_it(tmp_path: Path):
    with pytest.raises(EnvironmentFault, match="s3fs"):
        fetch(MediaUrl(url="s3://bucket/clip.mp4"), tmp_path, max_bytes=10)


def test_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentFault, match="fetched files cannot be kept there"):
        fetch(MediaUrl(url="http://127.0.0.1:1/x"), tmp_path / "file" / "folder", max_bytes=10)
