"""Which files a call means."""

import pytest

from core.errors import InputError
from producer.sources import MediaUrl, find_sources


@pytest.fixture
def folder(tmp_path):
    for name in ("b.mp4", "a.MOV", "notes.md", "deep/c.mkv"):
        path = tmp_path / "videos" / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(b"x")
    return tmp_path / "videos"


def names(paths, folder):
    return [str(path.relative_to(folder)) for path in paths]


def test_folder_means_its_videos_in_order_and_those_below(folder):
    assert names(find_sources([str(folder)]), folder) == ["a.MOV", "b.mp4", "deep/c.mkv"]


def test_file_means_itself_whatever_it_is_called_and_counts_once(folder):
    assert names(find_sources([str(folder / name) for name in ("notes.md", "b.mp4", "b.mp4")]), folder) == [
        "notes.md",
        "b.mp4",
    ]


def test_list_means_its_lines_beside_it(folder):
    listing = folder / "session.txt"
    listing.write_text("# week 1\n\nb.mp4\n  deep/c.mkv \n/elsewhere/d.mp4\n")
    assert [str(path) for path in find_sources([str(listing)])] == [
        str(folder / "b.mp4"),
        str(folder / "deep/c.mkv"),
        "/elsewhere/d.mp4",
    ]


def test_folder_without_a_video_names_what_it_looked_for(tmp_path):
    with pytest.raises(InputError, match=r"no video in this folder; looked for .*\.mp4"):
        find_sources([str(tmp_path)])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe\x00", "cannot be read as a list of files"),
        (b"ok.mp4\nfile:///etc/passwd\n", "line 2: nothing is fetched from file://"),
        (b"ok.mp4\nhttp://a/x.mp4::file:///etc/passwd\n", "line 2: nothing is fetched from http://"),
        (b"a\0b\n", "line 1: not a path"),
        (b"x" * 5000, "line 1: not a path"),
    ],
)
def test_list_that_is_none_names_the_line(tmp_path, content, message):
    listing = tmp_path / "list.txt"
    listing.write_bytes(content)
    with pytest.raises(InputError, match=message):
        find_sources([str(listing)])


def test_list_that_is_missing_is_one_clear_line(tmp_path):
    with pytest.raises(InputError, match=r"list\.txt: cannot be read as a list of files"):
        find_sources([str(tmp_path / "list.txt")])


def test_addresses_are_kept_as_they_are_and_shown_without_secrets(tmp_path):
    listing = tmp_path / "week.txt"
    listing.write_text("https://user:S3cret@host:8443/a/clip.mp4?X-Signature=S3cret\n")
    (source,) = find_sources([str(listing)])
    assert isinstance(source, MediaUrl)
    assert source.url.startswith("https://user:S3cret@host")
    assert source.shown == "https://host/a/clip.mp4"


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://h/x", "memory://x/y", "simplecache::http://h/x", "http:///x"]
)
def test_address_of_another_kind_is_refused(url):
    with pytest.raises(InputError, match="nothing is fetched from"):
        find_sources([url])
