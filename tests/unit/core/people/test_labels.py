"""A file of hand labels is read as it stands, or refused in one line that names the row."""

from pathlib import Path

import pytest

from core.errors import InputError
from core.people.labels import parse_labels, read_labels

HEADER = "media,start_seconds,end_seconds,emotion"


def test_labels_are_read_with_their_rows():
    spans = parse_labels([HEADER, "a.mp4, 0.5 ,2,Happy", "b.mp4,0,1,sad"], name="labels.csv")
    assert [(each.row, each.media, each.start_us, each.end_us, each.emotion) for each in spans] == [
        (2, "a.mp4", 500_000, 2_000_000, "happy"),
        (3, "b.mp4", 0, 1_000_000, "sad"),
    ]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([HEADER, "a.mp4,0,1,happy", "a.mp4,0,1,joyful"], "labels.csv, row 3: emotion 'joyful' is none of angry"),
        ([HEADER, "a.mp4,soon,1,happy"], "row 2: start_seconds 'soon' is not a number of seconds"),
        ([HEADER, "a.mp4,0,nan,happy"], "row 2: end_seconds 'nan' is not a number of seconds"),
        ([HEADER, "a.mp4,2,1,happy"], "row 2: end_seconds 1 is not after start_seconds 2"),
        ([HEADER, ",0,1,happy"], "row 2: no media"),
        ([HEADER, "a.mp4,0"], "row 2: emotion '' is none of"),
        ([HEADER, 'a.mp4,0,1,"happy'], "row 2: is not CSV"),
        (["media,start_seconds,emotion", "a,0,sad"], "row 1: no column end_seconds"),
        ([], "row 1: no column media"),
        ([HEADER], "labels.csv: holds no label"),
    ],
)
def test_what_is_wrong_is_one_line_with_the_row(lines: list[str], said: str):
    with pytest.raises(InputError) as caught:
        parse_labels(lines, name="labels.csv")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_spreadsheets_mark_at_the_beginning_is_no_letter(tmp_path: Path):
    path = tmp_path / "labels.csv"
    path.write_text(f"{HEADER}\na.mp4,0,1,happy\n", encoding="utf-8-sig")
    assert len(read_labels(path)) == 1


def test_files_that_are_no_text_or_not_there_are_refused(tmp_path: Path):
    path = tmp_path / "labels.csv"
    path.write_bytes(b"\xff\xfe\x00m")
    with pytest.raises(InputError, match="is not text in UTF-8"):
        read_labels(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_labels(tmp_path / "none.csv")
