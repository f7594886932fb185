"""A file's type is told by its first bytes, and is never that of a page."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.files.containers import NUM_BYTES, UNKNOWN, media_type_of
from tests.clips import EVERY_KIND, write_clip

TYPES = {
    "h264_b_frames_open_gop.mp4": "video/mp4",
    "h264_intra_refresh.mkv": "video/x-matroska",
    "h264.ts": "video/mp2t",
    "h264.avi": "video/x-msvideo",
    "h264.h264": UNKNOWN,
    "vp8.webm": "video/webm",
    "mpeg4.mov": "video/quicktime",
}


@pytest.mark.parametrize(("name", "expected"), TYPES.items())
def test_each_container_has_its_type_whatever_the_file_is_called(tmp_path: Path, name, expected):
    path = write_clip(tmp_path / name, EVERY_KIND[name])
    with path.open("rb") as file:
        assert media_type_of(file.read(NUM_BYTES)) == expected


@given(st.binary(max_size=600) | st.sampled_from([b"<html><script>", b"", b"G", b"%PDF-1.7", b"<svg"]))
def test_nothing_becomes_a_page(head: bytes):
    found = media_type_of(head)
    assert found == UNKNOWN or found.startswith("video/")
