"""A range is what RFC 9110 makes of it, and never a byte that the file does not have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.files.ranges import ByteRange, Unsatisfiable, asked_range


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-", (0, 10)),
        ("bytes=3-5", (3, 6)),
        ("bytes=3-500", (3, 10)),
        ("bytes=-4", (6, 10)),
        ("bytes=-400", (0, 10)),
        ("BYTES=9-9", (9, 10)),
    ],
)
def test_one_range_is_read(header, expected):
    assert asked_range(header, 10) == ByteRange(start=expected[0], end=expected[1])


@pytest.mark.parametrize("header", [None, "", "bytes=-", "bytes=5-3", "bytes=0-1,3-4", "lines=0-1", "bytes=a-b", "0-1"])
def test_what_is_no_range_asks_for_the_whole(header):
    assert asked_range(header, 10) is None


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-20", "bytes=-0"])
def test_a_range_beyond_the_file_cannot_be_had(header):
    with pytest.raises(Unsatisfiable):
        asked_range(header, 10)


@given(st.text(max_size=40) | st.from_regex(r"bytes=\d*-\d*", fullmatch=True), st.integers(0, 10**6))
def test_whatever_is_asked_no_byte_beyond_the_file_is_given(header: str, num_bytes: int):
    try:
        found = asked_range(header, num_bytes)
    except Unsatisfiable:
        return
    assert found is None or 0 <= found.start < found.end <= num_bytes
