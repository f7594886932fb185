"""Rollups in the store: written with the rows they sum up, and read in their place over long stretches of time.

What is read is what the rows say: a job whose cells lie across the borders of the wanted bins is read row by row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.sql.selectable import CTE

from core.emotions import EMOTIONS
from core.frames import FrameStatus
from core.observations import FrameObservation
from core.rollups import CELL_US, roll_up
from core.time_ranges import EVERYTHING, TimeRange
from db.clock import epoch_us
from db.observations import PROB_COLUMNS
from db.row_tables import FaceRollupTable, FaceTable, FrameRollupTable, FrameTable
from db.tables import JobTable, MediaTable
from db.timelines.bins import bin_start, meets
from db.timelines.frame_ranges import in_chunks_of

#: Wall clock at presentation time 0 of a job's media; put together once, since every chunk asks for it.
_ORIGIN: Final = (
    select(epoch_us(MediaTable.started_at))
    .join(JobTable, JobTable.media_id == MediaTable.id)
    .where(JobTable.id == bindparam("of_job"))
)

_FRAME_COUNTS: Final = ("num_frames", "num_face_frames", "num_rejected_frames", "num_undecodable_frames")


@dataclass(frozen=True, kw_only=True)
class BinSums:
    """What one job's rows of one bin add up to."""

    job_id: str
    start_us: int  # wall clock, microseconds since 1970 in UTC
    num_frames: int
    num_face_frames: int
    num_rejected_frames: int
    num_undecodable_frames: int
    num_faces: int = 0  # counted readings
    sum_probs: tuple[float, ...] = (0.0,) * len(EMOTIONS)  # (7,) of these


@dataclass(frozen=True, kw_only=True)
class FaceGate:
    """What a face must have for its reading to count; what does not is a rejected one, and stays in the store."""

    min_face_px: float = 0.0  # height of its box
    min_blur: float = 0.0  # variance of its crop's Laplacian: less is blurred
    min_score: float = 0.0  # of the detector

    def passes(self) -> ColumnElement[bool]:
        """Say it in SQL, of a face row."""
        return and_(
            FaceTable.face_px >= self.min_face_px,
            FaceTable.blur >= self.min_blur,
            FaceTable.score >= self.min_score,
        )


def insert_rollup(connection: Connection, job_id: str, frames: Sequence[FrameObservation]) -> None:
    """Insert the cells of a chunk's frames."""
    origin_us = connection.scalars(_ORIGIN, {"of_job": job_id}).one()
    rollup = roll_up(frames, origin_us=origin_us)
    if rollup.frames:
        connection.execute(
            insert(FrameRollupTable),
            [
                {
                    "job_id": job_id,
                    "first_us": cell.first_us,
                    "last_us": cell.last_us,
                    **{name: getattr(cell, name) for name in _FRAME_COUNTS},
                }
                for cell in rollup.frames
            ],
        )
    if rollup.faces:
        connection.execute(
            insert(FaceRollupTable),
            [
                {
                    "job_id": job_id,
                    "first_us": cell.first_us,
                    "track": cell.track,
                    "last_us": cell.last_us,
                    "num_faces": cell.num_faces,
                    **dict(zip(PROB_COLUMNS, cell.sum_probs, strict=True)),
                }
                for cell in rollup.faces
            ],
        )


def sums_by_bin(
    connection: Connection,
    wanted: ColumnElement[bool],
    *,
    bin_us: int,
    gate: FaceGate | None = None,
    span: TimeRange = EVERYTHING,
) -> list[BinSums]:
    """Sum up the wanted jobs by bins of wall clock that are multiples of `bin_us` since 1970, in UTC.

    `wanted` is a condition on jobs and their media. The sums rise by job and time; bins without a frame are left out.
    From bins of a quarter of an hour those of any day or month in any time zone can be put together. With a gate, faces
    that do not pass are counted as those that abstained are; only rows can tell, so every row is read. `span` begins
    and ends where bins do; nothing beside it is read.
    """
    every = connection.scalars(select(placed_jobs(wanted).c.job_id)).all()
    if bin_us < CELL_US or gate is not None:
        return _from_rows(connection, every, bin_us, gate, span)
    fitting = _from_cells(connection, placed_jobs(wanted), bin_us, span)
    unfit = sorted(set(every) - fitting.keys())
    found = [sums for of_job in fitting.values() for sums in of_job]
    if not unfit:
        return found
    return sorted(
        [*found, *_from_rows(connection, unfit, bin_us, None, span)], key=lambda sums: (sums.job_id, sums.start_us)
    )


def placed_jobs(wanted: ColumnElement[bool]) -> CTE:
    """Jobs, and their wall clock at presentation time 0."""
    return (
        select(JobTable.id.label("job_id"), epoch_us(MediaTable.started_at).label("origin_us"))
        .join(MediaTable, MediaTable.id == JobTable.media_id)
        .where(wanted)
        .cte("placed")
        .prefix_with("MATERIALIZED")  # each wall clock is worked out once, not for each of its cells
    )


def _from_cells(connection: Connection, placed: CTE, bin_us: int, span: TimeRange) -> dict[str, list[BinSums]]:
    """Sum up the jobs that have cells, of which none lies across the border of a bin."""
    frames, faces = FrameRollupTable.__table__.c, FaceRollupTable.__table__.c
    begins, ends = (bin_start(placed.c.origin_us + time, bin_us) for time in (frames.first_us, frames.last_us))
    frame_cells = (
        select(
            placed.c.job_id,
            begins.label("start_us"),
            *(frames[name] for name in _FRAME_COUNTS),
            one_where(begins != ends).label("num_across"),
        )
        .join(FrameRollupTable, FrameRollupTable.job_id == placed.c.job_id)
        .where(meets(placed.c.origin_us + frames.first_us, placed.c.origin_us + frames.last_us, span))
    )
    face_cells = (
        select(
            placed.c.job_id,
            bin_start(placed.c.origin_us + faces.first_us, bin_us).label("start_us"),
            faces.num_faces,
            *(faces[name] for name in PROB_COLUMNS),
        )
        .join(FaceRollupTable, FaceRollupTable.job_id == placed.c.job_id)
        .where(meets(placed.c.origin_us + faces.first_us, placed.c.origin_us + faces.last_us, span))
    )
    frame_sums = connection.execute(summed(frame_cells)).all()
    unfit = {row.job_id for row in frame_sums if row.num_across}
    found: dict[str, list[BinSums]] = {}
    for sums in _joined(frame_sums, connection.execute(summed(face_cells))):
        if sums.job_id not in unfit:
            found.setdefault(sums.job_id, []).append(sums)
    return found


def _from_rows(
    connection: Connection, job_ids: Sequence[str], bin_us: int, gate: FaceGate | None, span: TimeRange
) -> list[BinSums]:
    """Read jobs by name: without statistics, SQLite would look through every row for those that a condition names."""
    placed = placed_jobs(JobTable.id.in_(job_ids))
    counts = FaceTable.abstained.is_(False) if gate is None else and_(FaceTable.abstained.is_(False), gate.passes())
    is_counted = exists().where(
        FaceTable.job_id == FrameTable.job_id, FaceTable.frame_index == FrameTable.frame_index, counts
    )
    has_face = FrameTable.status == FrameStatus.FACE
    frame_at, face_at = (placed.c.origin_us + table.pts_us for table in (FrameTable, FaceTable))
    frame_rows = (
        select(
            placed.c.job_id,
            bin_start(frame_at, bin_us).label("start_us"),
            literal(1).label("num_frames"),
            one_where(has_face).label("num_face_frames"),
            one_where(has_face & ~is_counted).label("num_rejected_frames"),
            one_where(FrameTable.status == FrameStatus.UNDECODABLE).label("num_undecodable_frames"),
        )
        .join(FrameTable, FrameTable.job_id == placed.c.job_id)
        .where(meets(frame_at, frame_at, span), in_chunks_of(span, placed, FrameTable.frame_index))
    )
    columns = FaceTable.__table__.c
    face_rows = (
        select(
            placed.c.job_id,
            bin_start(face_at, bin_us).label("start_us"),
            literal(1).label("num_faces"),
            *(columns[name] for name in PROB_COLUMNS),
        )
        .join(FaceTable, FaceTable.job_id == placed.c.job_id)
        .where(counts, meets(face_at, face_at, span), in_chunks_of(span, placed, FaceTable.frame_index))
    )
    return _joined(connection.execute(summed(frame_rows)), connection.execute(summed(face_rows)))


def _joined(frame_sums: Iterable[Row[Any]], face_sums: Iterable[Row[Any]]) -> list[BinSums]:
    """Put the sums of frames and of faces together; every bin with a face has a frame."""
    faces_of = {(row.job_id, row.start_us): row for row in face_sums}
    found = []
    for row in frame_sums:
        sums = BinSums(
            job_id=row.job_id,
            start_us=row.start_us,
            num_frames=int(row.num_frames),  # PostgreSQL's sums of bigint are numeric
            num_face_frames=int(row.num_face_frames),
            num_rejected_frames=int(row.num_rejected_frames),
            num_undecodable_frames=int(row.num_undecodable_frames),
        )
        mine = faces_of.get((row.job_id, row.start_us))
        if mine is not None:
            probs = tuple(mine._mapping[name] for name in PROB_COLUMNS)
            sums = replace(sums, num_faces=int(mine.num_faces), sum_probs=probs)
        found.append(sums)
    return found


def summed(rows: Select[Any]) -> Select[Any]:
    """Sum the columns after the first two by those."""
    columns = list(rows.subquery().c)
    sums = (func.sum(each).label(each.name) for each in columns[2:])
    return select(*columns[:2], *sums).group_by(*columns[:2]).order_by(*columns[:2])


def one_where(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)
