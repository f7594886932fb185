"""A subject's own tracks, summed up by bins of wall clock: from sums by the minute where they do, else from rows.

A face frame of the subject is one in which a reading of one of its tracks counts: the frames in which its face was
found and no reading counted are not told apart from those without it. Coverage is the same either way.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, select

from core.emotions import EMOTIONS
from core.rollups import CELL_US
from core.time_ranges import EVERYTHING, TimeRange
from db.observations import PROB_COLUMNS
from db.row_tables import FaceRollupTable, FaceTable
from db.tables import JobTable
from db.timelines.bins import bin_start, meets
from db.timelines.frame_ranges import in_chunks_of
from db.timelines.rollups import BinSums, FaceGate, one_where, placed_jobs, summed, sums_by_bin
from db.track_tables import SubjectTrackTable


@dataclass(frozen=True, kw_only=True)
class _FaceSums:
    """The counted readings of one bin."""

    num_frames: int  # in which there is one
    num_faces: int
    sum_probs: tuple[float, ...]  # (7,)


def sums_of_tracks(
    connection: Connection,
    subject_key: str,
    wanted: ColumnElement[bool],
    *,
    bin_us: int,
    gate: FaceGate | None = None,
    span: TimeRange = EVERYTHING,
) -> list[BinSums]:
    """Sum up a subject's tracks in the wanted jobs, as `rollups.sums_by_bin` does every face."""
    frames = sums_by_bin(connection, wanted, bin_us=bin_us, span=span)
    every = sorted({sums.job_id for sums in frames})
    fit = [] if bin_us < CELL_US or gate is not None else _summable(connection, subject_key, wanted)
    faces = _from_cells(connection, subject_key, fit, bin_us)
    rest = sorted(set(every) - faces.keys())
    faces |= _from_rows(connection, subject_key, rest, bin_us, gate, span)
    nothing = _FaceSums(num_frames=0, num_faces=0, sum_probs=(0.0,) * len(EMOTIONS))
    found = []
    for sums in frames:
        mine = faces[sums.job_id].get(sums.start_us, nothing)
        found.append(
            replace(
                sums,
                num_face_frames=mine.num_frames,
                num_rejected_frames=0,
                num_faces=mine.num_faces,
                sum_probs=mine.sum_probs,
            )
        )
    return found


def _summable(connection: Connection, subject_key: str, wanted: ColumnElement[bool]) -> list[str]:
    """Return the jobs in which the subject's tracks are whole and follow one another: a face frame each reading."""
    rows = connection.execute(
        select(
            SubjectTrackTable.job_id,
            SubjectTrackTable.first_us,
            SubjectTrackTable.last_us,
            SubjectTrackTable.is_whole,
        )
        .join(JobTable, JobTable.id == SubjectTrackTable.job_id)
        .where(wanted, SubjectTrackTable.subject_key == subject_key)
        .order_by(SubjectTrackTable.job_id, SubjectTrackTable.first_us)
    )
    found = []
    for job_id, group in groupby(rows, key=attrgetter("job_id")):
        parts = list(group)
        if all(part.is_whole for part in parts) and all(a.last_us < b.first_us for a, b in pairwise(parts)):
            found.append(job_id)
    return found


def _from_cells(
    connection: Connection, subject_key: str, job_ids: Sequence[str], bin_us: int
) -> dict[str, dict[int, _FaceSums]]:
    """Sum up the jobs of which no cell of the subject's tracks lies across the border of a bin."""
    if not job_ids:
        return {}
    placed = placed_jobs(JobTable.id.in_(job_ids))
    cells = FaceRollupTable.__table__.c
    begins, ends = (bin_start(placed.c.origin_us + time, bin_us) for time in (cells.first_us, cells.last_us))
    of_subject = and_(
        SubjectTrackTable.job_id == cells.job_id,
        SubjectTrackTable.track == cells.track,
        SubjectTrackTable.subject_key == subject_key,
    )
    rows = connection.execute(
        summed(
            select(
                placed.c.job_id,
                begins.label("start_us"),
                cells.num_faces.label("num_frames"),
                cells.num_faces,
                *(cells[name] for name in PROB_COLUMNS),
                one_where(begins != ends).label("num_across"),
            )
            .join(FaceRollupTable, FaceRollupTable.job_id == placed.c.job_id)
            .join(SubjectTrackTable, of_subject)
        )
    ).all()
    across = {row.job_id for row in rows if row.num_across}
    found: dict[str, dict[int, _FaceSums]] = {job_id: {} for job_id in job_ids if job_id not in across}
    return found | _by_job(row for row in rows if row.job_id not in across)


def _from_rows(
    connection: Connection,
    subject_key: str,
    job_ids: Sequence[str],
    bin_us: int,
    gate: FaceGate | None,
    span: TimeRange,
) -> dict[str, dict[int, _FaceSums]]:
    if not job_ids:
        return {}
    placed = placed_jobs(JobTable.id.in_(job_ids))
    columns = FaceTable.__table__.c
    of_subject = and_(
        SubjectTrackTable.job_id == columns.job_id,
        SubjectTrackTable.track == columns.track,
        SubjectTrackTable.subject_key == subject_key,
        columns.pts_us.between(SubjectTrackTable.first_us, SubjectTrackTable.last_us),
    )
    seen_at = placed.c.origin_us + columns.pts_us
    faces = (
        select(
            placed.c.job_id,
            bin_start(seen_at, bin_us).label("start_us"),
            columns.frame_index,
            *(columns[name] for name in PROB_COLUMNS),
        )
        .join(FaceTable, FaceTable.job_id == placed.c.job_id)
        .join(SubjectTrackTable, of_subject)
        .where(
            columns.abstained.is_(False),
            meets(seen_at, seen_at, span),
            in_chunks_of(span, placed, columns.frame_index),
            *([] if gate is None else [gate.passes()]),
        )
        .subquery()
    )
    rows = connection.execute(
        select(
            faces.c.job_id,
            faces.c.start_us,
            func.count(faces.c.frame_index.distinct()).label("num_frames"),
            func.count().label("num_faces"),
            *(func.sum(faces.c[name]).label(name) for name in PROB_COLUMNS),
        ).group_by(faces.c.job_id, faces.c.start_us)
    )
    return {job_id: {} for job_id in job_ids} | _by_job(rows)


def _by_job(rows: Iterable[Row[Any]]) -> dict[str, dict[int, _FaceSums]]:
    found: dict[str, dict[int, _FaceSums]] = {}
    for row in rows:
        found.setdefault(row.job_id, {})[row.start_us] = _FaceSums(
            num_frames=int(row.num_frames),
            num_faces=int(row.num_faces),
            sum_probs=tuple(row._mapping[name] for name in PROB_COLUMNS),
        )
    return found
