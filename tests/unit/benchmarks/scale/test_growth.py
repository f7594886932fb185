"""The ledgers that questions are asked of: filled as they say, measured, and left empty."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from benchmarks.scale.growth import GrowthMeasured, Shape, empty, measure_growth, shapes
from benchmarks.scale.ledger import measure_chunks
from benchmarks.scale.stores import MeasuredStore, sqlite_store
from db.states import ChunkState
from db.tables import ChunkTable, JobTable

pytestmark = pytest.mark.thorough


@pytest.fixture
def measured(tmp_path: Path) -> Iterator[MeasuredStore]:
    with sqlite_store(tmp_path) as opened:
        yield opened


def shape_of(grows: str) -> Shape:
    return next(shape for shape in shapes() if shape.grows == grows)


def num_chunks(measured: MeasuredStore, state: ChunkState) -> int:
    with measured.store.reading() as connection:
        counted = select(func.count()).select_from(ChunkTable).where(ChunkTable.state == state)
        return connection.scalar(counted) or 0


def fill(measured: MeasuredStore, grows: str, size: int) -> None:
    with measured.store.writing() as connection:
        shape_of(grows).fill(connection, size)


@pytest.mark.parametrize(
    ("grows", "pending", "leased", "done"),
    [
        ("waiting chunks", 10, 0, 0),
        ("done chunks", 1, 0, 9),
        ("unfinished files", 40, 0, 0),
        ("cameras just begun", 10, 10, 20),
        ("leases", 0, 10, 0),
    ],
)
def test_a_ledger_of_ten_is_filled_with_ten(measured, grows, pending, leased, done):
    fill(measured, grows, 10)
    states = (ChunkState.PENDING, ChunkState.LEASED, ChunkState.DONE)
    assert tuple(num_chunks(measured, state) for state in states) == (pending, leased, done)


def test_a_tick_finds_every_cameras_waiting_chunk(measured):
    fill(measured, "cameras just begun", 10)
    with measured.store.reading() as connection:
        assert len(shape_of("cameras just begun").questions["due, short stretches"](connection)) == 10


def test_what_is_measured_comes_with_a_plan_for_each_size_and_question(measured):
    found = measure_growth(measured, replace(shape_of("leases"), sizes=(5, 10)))
    assert list(found["who holds leases"].seconds_by_size) == [5, 10]
    assert "ix_chunk_leased" in found["who holds leases"].plan


def test_an_emptied_store_holds_no_job(measured):
    fill(measured, "unfinished files", 3)
    empty(measured)
    with measured.store.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(JobTable)) == 0


def test_growth_is_the_line_through_the_ends_and_never_falls():
    rising = GrowthMeasured(grows="jobs", seconds_by_size={10: 2.0, 50: 9.0, 110: 12.0}, plan="").fitted()
    assert (rising.base_seconds, rising.per_item_seconds) == pytest.approx((1.0, 0.1))
    falling = GrowthMeasured(grows="jobs", seconds_by_size={10: 2.0, 110: 1.0}, plan="").fitted()
    assert (falling.base_seconds, falling.per_item_seconds) == (2.0, 0.0)


def test_a_store_with_committed_rows_is_emptied(measured: MeasuredStore):
    measure_chunks(measured, num_rounds=1)
    empty(measured)
    with measured.store.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(JobTable)) == 0
