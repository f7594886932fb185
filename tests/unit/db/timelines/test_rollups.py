"""Sums over bins are those of the rows, whether they are read from cells or from rows; a year reads cells, by key."""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, delete, event, func, select, update

from core.frames import FrameStatus
from core.observations import FaceObservation, FrameObservation
from db.queue.ledger import claim_next, commit_chunk
from db.row_tables import FaceRollupTable, FrameRollupTable
from db.store import Store
from db.submission import submit
from db.tables import JobTable, MediaTable
from db.timelines.rollups import BinSums, sums_by_bin
from tests.factories import make_face_observation, make_frame_observation, make_reading, make_request, make_span

pytestmark = pytest.mark.thorough

MINUTE_US = 60_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BINS_US = (10_000_000, MINUTE_US, 15 * MINUTE_US, 60 * MINUTE_US, 24 * 60 * MINUTE_US)


@pytest.fixture
def connection(store: Store) -> Iterator[Connection]:
    with store.writing() as connection:
        yield connection


def make_faces(draw: random.Random) -> list[FaceObservation]:
    """Nobody, somebody, or two of two tracks."""
    return [
        make_face_observation(
            face_index=index,
            track=track,
            reading=make_reading(
                draw.choice(["happy", "sad"]), prob=draw.uniform(0.3, 0.9), abstained=draw.random() < 0.3
            ),
        )
        for index, track in enumerate(draw.choice([[], [0], [0], [7, 0]]))
    ]


def film(draw: random.Random, *, start_seconds: float, seconds: float) -> list[FrameObservation]:
    """Two frames a second, some of them damaged; some readings abstain."""
    frames = []
    for number in range(round(2 * seconds)):
        faces = make_faces(draw)
        frames.append(
            make_frame_observation(
                start_seconds + number / 2,
                frame_index=round(2 * start_seconds) + number,
                faces=faces,
                status=FrameStatus.UNDECODABLE if not faces and draw.random() < 0.2 else None,
            )
        )
    return frames


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A job in the store, and what was committed."""

    job_id: str
    started_at: datetime | None
    frames: list[FrameObservation]


def sums_of(connection: Connection, *jobs: Stored, bin_us: int) -> list[BinSums]:
    return sums_by_bin(connection, JobTable.id.in_([job.job_id for job in jobs]), bin_us=bin_us)


def store_job(
    connection: Connection, name: str, *, started_at: datetime | None, seconds: float = 240, num_chunks: int = 3
) -> "Stored":
    """Commit a job's chunks as a worker does."""
    draw = random.Random(name)
    spans = tuple(make_span(index, start_seconds=index * seconds, seconds=seconds) for index in range(num_chunks))
    job = submit(connection, make_request(name, spans=spans, started_at=started_at)).job
    frames: list[FrameObservation] = []
    for span in spans:
        claim = claim_next(connection, job.id, lease_owner="a", lease_seconds=60)
        assert claim is not None
        mine = film(draw, start_seconds=span.start_us / 1e6, seconds=seconds)
        commit_chunk(connection, claim, mine)
        frames += mine
    return Stored(job_id=job.id, started_at=started_at, frames=frames)


def brute_force(job: Stored, bin_us: int) -> list[BinSums]:
    origin_us = 0 if job.started_at is None else (job.started_at - EPOCH) // timedelta(microseconds=1)
    bins: dict[int, list[FrameObservation]] = defaultdict(list)
    for frame in job.frames:
        bins[(origin_us + frame.pts_us) // bin_us * bin_us].append(frame)
    found = []
    for start_us, mine in sorted(bins.items()):
        counted = [[face.reading.probs for face in frame.faces if not face.reading.abstained] for frame in mine]
        probs = [each for frame in counted for each in frame]
        found.append(
            BinSums(
                job_id=job.job_id,
                start_us=start_us,
                num_frames=len(mine),
                num_face_frames=sum(bool(frame.faces) for frame in mine),
                num_rejected_frames=sum(
                    bool(frame.faces) and not its for frame, its in zip(mine, counted, strict=True)
                ),
                num_undecodable_frames=sum(frame.status is FrameStatus.UNDECODABLE for frame in mine),
                num_faces=len(probs),
                sum_probs=tuple(sum(column) for column in zip(*probs, strict=True)) if probs else (0.0,) * 7,
            )
        )
    return found


def assert_same(found: list[BinSums], expected: list[BinSums]) -> None:
    assert len(found) == len(expected)
    for one, other in zip(found, sorted(expected, key=lambda sums: (sums.job_id, sums.start_us)), strict=True):
        assert one.sum_probs == pytest.approx(other.sum_probs, abs=1e-9)
        assert {**vars(one), "sum_probs": ()} == {**vars(other), "sum_probs": ()}


def started(minute: int, second: float = 0.0) -> datetime:
    return datetime(2026, 10, 25, 0, minute, tzinfo=UTC) + timedelta(seconds=second)


@pytest.mark.parametrize("bin_us", BINS_US)
def test_sums_are_those_of_the_rows(connection: Connection, bin_us: int):
    stored = [
        store_job(connection, "one", started_at=started(3, 17.3)),
        store_job(connection, "two", started_at=started(58, 59.999999)),
        store_job(connection, "unknown", started_at=None),
    ]
    store_job(connection, "another", started_at=started(3))
    expected = [sums for job in stored for sums in brute_force(job, bin_us)]
    assert_same(sums_of(connection, *stored, bin_us=bin_us), expected)


@pytest.mark.parametrize("bin_us", BINS_US)
def test_a_clock_that_was_set_later_gives_the_rows_sums_all_the_same(connection: Connection, bin_us: int):
    job = store_job(connection, "one", started_at=started(0))
    moved = replace(job, started_at=started(0, 23.456789))
    connection.execute(update(MediaTable).values(started_at=moved.started_at))
    assert_same(sums_of(connection, moved, bin_us=bin_us), brute_force(moved, bin_us))


@pytest.mark.parametrize("bin_us", BINS_US)
def test_generations_without_a_rollup_are_read_row_by_row(connection: Connection, bin_us: int):
    jobs = [store_job(connection, name, started_at=started(0)) for name in ("one", "two")]
    for table in (FaceRollupTable, FrameRollupTable):
        connection.execute(delete(table).where(table.job_id == jobs[0].job_id))
    expected = [sums for job in jobs for sums in brute_force(job, bin_us)]
    assert_same(sums_of(connection, *jobs, bin_us=bin_us), expected)


def test_a_chunk_committed_again_is_summed_once(connection: Connection):
    request = make_request(spans=(make_span(seconds=100),), started_at=started(0))
    job = submit(connection, request).job
    claim = claim_next(connection, job.id, lease_owner="a", lease_seconds=60)
    assert claim is not None
    frames = film(random.Random(0), start_seconds=0, seconds=100)
    commit_chunk(connection, claim, frames)
    commit_chunk(connection, claim, frames)
    assert connection.scalar(select(func.sum(FrameRollupTable.num_frames))) == 200


def test_jobs_that_are_not_there_give_nothing(connection: Connection):
    assert sums_by_bin(connection, JobTable.id == "none", bin_us=MINUTE_US) == []


def test_long_bins_read_cells_by_key_and_no_row(connection: Connection):
    """However many rows there are, a year costs as much as its minutes."""
    job = store_job(connection, "one", started_at=started(0))
    asked: list[tuple[str, tuple[object, ...]]] = []
    listener = lambda _c, _cur, statement, values, *_: asked.append((statement, values))  # noqa: E731
    event.listen(connection, "before_cursor_execute", listener)
    sums_of(connection, job, bin_us=24 * 60 * MINUTE_US)
    event.remove(connection, "before_cursor_execute", listener)
    assert not any("_row" in statement.replace("_rollup", "") for statement, _ in asked)
    of_cells = [(statement, values) for statement, values in asked if "_rollup" in statement]
    assert len(of_cells) == 2
    for statement, values in of_cells:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
        assert any("_rollup USING PRIMARY KEY (job_id=?)" in step for step in plan), plan
