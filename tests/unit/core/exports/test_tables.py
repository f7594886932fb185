"""What is written comes back equal in pandas without options, whatever the form; spreadsheets run nothing."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TextIO

import pandas as pd
import pyarrow.parquet as pq
import pytest

from core.exports.columns import ExportTable, text
from core.exports.frame_rows import COLUMNS as FRAME_COLUMNS
from core.exports.frame_rows import frame_table
from core.exports.parquet import write_parquet
from core.exports.subject_rows import subject_table
from core.exports.text_tables import write_csv, write_jsonl
from core.exports.timeline_rows import timeline_table
from core.frames import FrameStatus
from core.observations import FrameObservation
from core.people.baseline import Sittings, baseline_of
from core.people.longitudinal import MEASURES
from core.people.subject_timeline import SubjectTimeline
from tests.factories import (
    make_face,
    make_face_observation,
    make_frame_observation,
    make_timeline,
    make_timeline_point,
)
from tests.unit.core.people.test_longitudinal import HOUR_US, make_bin
from tests.unit.core.people.test_longitudinal import make_timeline as make_record

POINTS = tuple((float(number), number / 3) for number in range(5))


def frames() -> list[FrameObservation]:
    """Two faces, nobody, and damaged bytes."""
    marked = make_face_observation(face=make_face(landmarks=POINTS), track=None)
    return [
        make_frame_observation(0.0, faces=(marked, make_face_observation(face_index=1, track=7))),
        make_frame_observation(1 / 3, status=FrameStatus.NO_FACE, faces=()),
        make_frame_observation(0.5, status=FrameStatus.UNDECODABLE, faces=()),
    ]


def record() -> SubjectTimeline:
    """Two sittings, a gap between them, and one of them as the baseline."""
    bins = [make_bin("a", num_faces=20), make_bin("b", start_us=2 * HOUR_US, prob=1 / 3)]
    own = baseline_of(bins, Sittings(sessions=("a",)), number=3, definition="a", model_versions=("small-0123",))
    return replace(make_record(*bins), baseline=own)


TABLES: dict[str, Callable[[], ExportTable]] = {
    "frames": lambda: frame_table(frames()),
    "subject": lambda: subject_table(record()),
    "timeline": lambda: timeline_table(
        make_timeline(points=(make_timeline_point(), make_timeline_point(probs=None, top=None, num_frames=0)))
    ),
}


def as_text(write: Callable[[ExportTable, TextIO], None], table: ExportTable) -> io.StringIO:
    file = io.StringIO()
    write(table, file)
    file.seek(0)
    return file


@pytest.mark.parametrize("name", TABLES)
def test_csv_json_lines_and_parquet_come_back_equal(name: str, tmp_path: Path):
    make = TABLES[name]
    expected = make().to_pandas()
    assert len(expected) > 1
    write_parquet(make(), tmp_path / "table.parquet")
    found = {
        "csv": pd.read_csv(as_text(write_csv, make())),
        "jsonl": pd.read_json(as_text(write_jsonl, make()), lines=True),
        "parquet": pd.read_parquet(tmp_path / "table.parquet"),
    }
    for form, table in found.items():
        assert list(table.columns) == list(expected.columns), form
        for column in expected.columns:
            found_values, values = table[column], expected[column]
            assert found_values.isna().tolist() == values.isna().tolist(), (form, column)
            # pandas reads decimals of text to within a bit or two unless it is told to take longer
            stored, came = values.dropna().tolist(), found_values.dropna().tolist()
            if stored and not isinstance(stored[0], str):
                came = [float(each) for each in came]
                stored = pytest.approx([float(each) for each in stored], rel=1e-14)
            assert came == stored, (form, column)


def test_parquet_and_exact_readers_of_text_give_every_bit(tmp_path: Path):
    make = TABLES["frames"]
    expected = make().to_pandas()["p_happy"].dropna().tolist()
    write_parquet(make(), tmp_path / "table.parquet")
    assert pd.read_parquet(tmp_path / "table.parquet")["p_happy"].dropna().tolist() == expected
    by_line = [json.loads(line)["p_happy"] for line in as_text(write_jsonl, make())]
    assert [value for value in by_line if value is not None] == expected
    cells = [row["p_happy"] for row in csv.DictReader(as_text(write_csv, make()))]
    assert [float(cell) for cell in cells if cell] == expected


def test_parquet_carries_units_and_meanings_and_an_empty_table_its_columns(tmp_path: Path):
    write_parquet(frame_table([]), tmp_path / "empty.parquet")
    schema = pq.read_schema(tmp_path / "empty.parquet")
    assert [(field.name, field.metadata[b"unit"].decode()) for field in schema] == [
        (column.name, column.unit) for column in FRAME_COLUMNS
    ]
    assert pq.read_table(tmp_path / "empty.parquet").num_rows == 0


def test_parquet_of_more_rows_than_a_group_keeps_them_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("core.exports.parquet._ROWS_PER_GROUP", 2)
    write_parquet(TABLES["frames"](), tmp_path / "frames.parquet")
    assert pq.read_metadata(tmp_path / "frames.parquet").num_row_groups == 2
    assert pq.read_table(tmp_path / "frames.parquet").num_rows == 4


def test_every_frame_has_a_row_also_without_a_face():
    table = frame_table(frames()).to_pandas()
    assert table["status"].tolist() == ["face", "face", "no_face", "undecodable"]
    assert table["face_index"].isna().tolist() == [False, False, True, True]


def test_values_are_those_that_were_stored_to_the_last_bit():
    face = make_face_observation()
    row = frame_table([make_frame_observation(1 / 3, faces=(face,))]).to_pandas().iloc[0]
    assert row["p_happy"] == face.reading.probs[3]
    assert row["pts_us"] == 333_333


def test_a_gap_has_no_probabilities_and_no_noughts():
    table = TABLES["timeline"]().to_pandas()
    assert table["p_happy"].isna().tolist() == [False, True]
    assert table["top"].isna().tolist() == [False, True]


def test_a_record_in_long_form_has_every_measure_of_every_bin():
    table = subject_table(record()).to_pandas()
    assert table["measure"].tolist() == [*MEASURES] * 3
    assert table["status"].unique().tolist() == ["ok", "gap"]
    assert table[table["status"] == "gap"]["mean"].isna().all()
    assert (table["end_ms"] - table["start_ms"]).unique().tolist() == [3_600_000]
    first, last = table[table["measure"] == "happy"].iloc[[0, 2]]["change"]
    assert (first, last) == (0.0, pytest.approx(1 / 3 - 0.7, abs=1e-6))


@pytest.mark.parametrize("cell", ["=1+1", "+49", "-x", "@anna", "\tx", "\rx"])
def test_a_spreadsheet_runs_no_cell(cell: str):
    table = ExportTable(columns=[text("name", "a name")], rows=[(cell,)])
    assert as_text(write_csv, table).getvalue().splitlines()[1].lstrip('"').startswith("'")
