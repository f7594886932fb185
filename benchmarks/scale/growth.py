"""Measures how the questions that are asked all the time take longer as the ledger fills, and keeps their plans."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Text, cast, delete, event, insert, literal, select, update

from benchmarks.scale.demand import Growth
from benchmarks.scale.ledger import make_request, middle_mean
from benchmarks.scale.stores import MeasuredStore
from db.clock import database_seconds
from db.live import backlog
from db.queue import dispatch, ledger
from db.states import ChunkState, JobQueue, MediaKind
from db.submission import submit
from db.tables import ChunkTable, JobTable, MediaTable, Table

_WINDOW: Final = 64
_STALE_SECONDS: Final = 30.0
_NUM_REPEATS: Final = 5
_EXPLAIN_SQLITE: Final = "EXPLAIN QUERY PLAN "
_EXPLAIN_POSTGRESQL: Final = "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, BUFFERS OFF, SUMMARY OFF) "
_HALF_AN_HOUR: Final = 900  # chunks of two seconds each: a camera's stretch is ended after an hour
_JUST_BEGUN: Final = 4

Ask = Callable[[Connection], object]


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A way in which a ledger fills, and what is asked of it then."""

    grows: str  # what the sizes count
    sizes: tuple[int, ...]
    fill: Callable[[Connection, int], None]  # from a ledger with nothing in it
    questions: dict[str, Ask]


@dataclass(frozen=True, kw_only=True)
class GrowthMeasured:
    """What a question took at each size, and how the database went about it at the largest."""

    grows: str
    seconds_by_size: dict[int, float]  # by the store's meter
    plan: str

    def fitted(self) -> Growth:
        """Return the straight line through the smallest and the largest size."""
        (small, first), *_, (large, last) = self.seconds_by_size.items()
        per_item = max(0.0, (last - first) / (large - small))
        return Growth(base_seconds=max(0.0, first - per_item * small), per_item_seconds=per_item)


def shapes() -> tuple[Shape, ...]:
    """Return what is measured."""
    chunks, jobs, stretches = (1_000, 10_000, 100_000), (100, 1_000, 10_000), (20, 60, 200)
    due_files, due_cameras = _due_of(JobQueue.ARCHIVE), _due_of(JobQueue.LIVE)
    return (
        Shape(grows="waiting chunks", sizes=chunks, fill=_fill_waiting, questions={"due, one long job": due_files}),
        Shape(grows="done chunks", sizes=chunks, fill=_fill_ending, questions={"due, its last chunk": due_files}),
        Shape(grows="unfinished files", sizes=jobs, fill=_fill_files, questions={"due, files": due_files}),
        Shape(
            grows="cameras",
            sizes=stretches,
            fill=lambda connection, size: _fill_cameras(connection, size, num_chunks=_HALF_AN_HOUR),
            questions={"due, cameras": due_cameras},
        ),
        Shape(
            grows="cameras just begun",
            sizes=jobs,
            fill=lambda connection, size: _fill_cameras(connection, size, num_chunks=_JUST_BEGUN),
            questions={"due, short stretches": due_cameras, "a camera's backlog": _ask_backlog},
        ),
        Shape(grows="leases", sizes=jobs, fill=_fill_leases, questions={"who holds leases": ledger.lease_owners}),
    )


def measure_growth(measured: MeasuredStore, shape: Shape) -> dict[str, GrowthMeasured]:
    """Fill, ask each question some times, empty; at each size. Return the answers by question."""
    seconds: dict[str, dict[int, float]] = {name: {} for name in shape.questions}
    plans: dict[str, str] = {}
    for size in shape.sizes:
        empty(measured)
        with measured.store.writing() as connection:
            shape.fill(connection, size)
        _refresh_statistics(measured)
        for name, ask in shape.questions.items():
            seconds[name][size] = _time_of(measured, ask)
            plans[name] = plan_of(measured, ask)
    return {
        name: GrowthMeasured(grows=shape.grows, seconds_by_size=seconds[name], plan=plans[name])
        for name in shape.questions
    }


def plan_of(measured: MeasuredStore, ask: Ask) -> str:
    """Return how the database answers each statement of a question, a line a step."""
    explain = _EXPLAIN_SQLITE if measured.name == "SQLite" else _EXPLAIN_POSTGRESQL
    lines: list[str] = []
    with measured.store.writing() as connection:
        with _recorded(connection) as statements:
            ask(connection)
        for statement, parameters in dict(statements).items():  # the last of each kind
            rows = connection.exec_driver_sql(explain + statement, parameters).all()
            lines.extend(str(row[-1]) for row in rows)
    return "\n".join(lines)


@contextmanager
def _recorded(connection: Connection) -> Iterator[list[tuple[str, Any]]]:
    statements: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            statements.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    yield statements
    event.remove(connection, "before_cursor_execute", note)


def _time_of(measured: MeasuredStore, ask: Ask) -> float:
    laps = []
    deadline = time.monotonic() + 2.0  # a slow question need not be asked so often
    for _ in range(_NUM_REPEATS + 1):
        began = measured.busy_seconds()
        with measured.store.reading() as connection:
            ask(connection)
        laps.append(measured.busy_seconds() - began)
        if time.monotonic() > deadline and len(laps) > 1:
            break
    return middle_mean(sorted(laps[1:])[: max(1, len(laps) // 2)])  # the quieter half; the first warms up


def _refresh_statistics(measured: MeasuredStore) -> None:
    """Do what autovacuum would have done by the time that a ledger is this full. SQLite has nobody who does."""
    if measured.name != "SQLite":
        with measured.store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE job, chunk, media")


def empty(measured: MeasuredStore) -> None:
    """Remove all that a store holds."""
    tables = Table.metadata.sorted_tables
    with measured.store.writing() as connection:
        if measured.name == "SQLite":
            for table in reversed(tables):  # what points at others before these
                connection.execute(delete(table))
        else:
            connection.exec_driver_sql("TRUNCATE " + ", ".join(table.name for table in tables) + " CASCADE")


def _due_of(queue: JobQueue) -> Ask:
    return lambda connection: dispatch.due_chunks(connection, queue, limit=_WINDOW, stale_seconds=_STALE_SECONDS)


def _ask_backlog(connection: Connection) -> object:
    return backlog.drop_oldest(connection, "camera-1", max_waiting_seconds=30.0)


def _fill_waiting(connection: Connection, num_chunks: int) -> None:
    job_id = submit(connection, make_request("long", num_chunks=1)).job.id
    of_job = ChunkTable.job_id == job_id
    _copy(connection, ChunkTable, of_job, num_copies=num_chunks - 1, as_index=("chunk_index",))


def _fill_ending(connection: Connection, num_chunks: int) -> None:
    _fill_waiting(connection, num_chunks)
    all_but_the_last = ChunkTable.chunk_index < num_chunks - 1
    connection.execute(update(ChunkTable).where(all_but_the_last).values(state=ChunkState.DONE))


def _fill_files(connection: Connection, num_jobs: int) -> None:
    """Fill with files of some chunks each, all of them waiting."""
    submit(connection, make_request("file", num_chunks=4))
    _copy_jobs(connection, num_jobs)


def _fill_cameras(connection: Connection, num_cameras: int, *, num_chunks: int) -> None:
    """Fill with cameras within their stretches: of each a chunk is in hand, one waits, and all else is done."""
    submit(connection, make_request("camera", num_chunks=num_chunks, queue=JobQueue.LIVE))
    newest = num_chunks - 1
    analysed = {"state": ChunkState.DONE, "fragment_key": "camera:0", "num_source_frames": 50}
    connection.execute(update(ChunkTable).values(analysed))
    connection.execute(update(ChunkTable).where(ChunkTable.chunk_index == newest).values(state=ChunkState.PENDING))
    connection.execute(update(ChunkTable).where(ChunkTable.chunk_index == newest - 1).values(_leased_by("host/1/1")))
    connection.execute(update(JobTable).values(is_open=True))
    connection.execute(update(MediaTable).values(kind=MediaKind.CAMERA, path="camera-1", started_at=datetime.now(UTC)))
    _copy_jobs(connection, num_cameras)


def _fill_leases(connection: Connection, num_leases: int) -> None:
    """Fill with chunks in the hands of workers with 16 slots."""
    _fill_waiting(connection, num_leases)
    owner = literal("host-").op("||")(cast(ChunkTable.chunk_index / 16, Text)).op("||")("/1/1")
    connection.execute(update(ChunkTable).values(_leased_by(owner)))


def _leased_by(owner: Any) -> dict[str, Any]:
    return {
        "state": ChunkState.LEASED,
        "lease_owner": owner,
        "lease_until_seconds": database_seconds() + 600,
        "attempt": 1,
        "fence": 1,
    }


def _copy_jobs(connection: Connection, num_jobs: int) -> None:
    """Copy the one job that is there, with its media and chunks, until there are so many."""
    num_copies = num_jobs - 1
    everything = literal(True)
    _copy(connection, MediaTable, everything, num_copies=num_copies, as_text=("id", "sha256", "path"))
    _copy(connection, JobTable, everything, num_copies=num_copies, as_text=("id", "media_id"))
    _copy(connection, ChunkTable, everything, num_copies=num_copies, as_text=("job_id",))


def _copy(
    connection: Connection,
    entity: type[Table],
    wanted: ColumnElement[bool],
    *,
    num_copies: int,
    as_index: tuple[str, ...] = (),
    as_text: tuple[str, ...] = (),
) -> None:
    """Copy rows so many times inside the database; each copy gets its number in the columns that must differ."""
    numbers = select(literal(1).label("number")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.number + 1).where(numbers.c.number < num_copies))
    table, values = entity.__table__, list[Any]()
    for column in table.columns:
        if column.name in as_index:
            values.append(numbers.c.number)
        elif column.name in as_text:
            values.append(column.op("||")("-").op("||")(cast(numbers.c.number, Text)))
        else:
            values.append(column)
    rows = select(*values).select_from(table.join(numbers, literal(True))).where(wanted)
    connection.execute(insert(entity).from_select([column.name for column in table.columns], rows))
