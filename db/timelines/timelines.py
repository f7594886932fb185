"""A job's timeline, binned and averaged by the database. core.timeline says what it must give; a test compares them."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, literal, select

from core.emotions import top_emotion
from core.frames import FrameStatus
from core.timeline import Timeline, TimelinePoint, check_bin_us, check_num_points, fill_gaps
from db.jobs import get_job
from db.observations import PROB_COLUMNS
from db.row_tables import FaceTable, FrameTable
from db.timelines.bins import bin_start
from db.timelines.frame_ranges import extent_us


def timeline(connection: Connection, job_id: str, *, bin_us: int | None) -> Timeline:
    """Return a job's timeline in bins of `bin_us`; None makes one bin of the whole media."""
    check_bin_us(bin_us)
    return timeline_of(connection, job_id, bin_us, _points(connection, job_id, bin_us))


def timeline_of(connection: Connection, job_id: str, bin_us: int | None, points: tuple[TimelinePoint, ...]) -> Timeline:
    """Put a job's points together with what they rest on."""
    job = get_job(connection, job_id)
    return Timeline(
        media_id=job.media_id,
        job_id=job.id,
        bin_us=bin_us,
        points=points,
        model_name=job.model_name,
        model_version=job.model_version_id,
        detector=job.parameters.detector,
        smoothed=False,
    )


def _points(connection: Connection, job_id: str, bin_us: int | None) -> tuple[TimelinePoint, ...]:
    extent = extent_us(connection, job_id)
    if extent is None:
        return ()
    first_us, last_us = extent
    if bin_us is not None:
        check_num_points(first_us, last_us, bin_us)
    faces_of = {row.start_us: row for row in connection.execute(_faces_by_bin(job_id, bin_us, first_us))}
    points = {
        frames.start_us: _point(frames, faces_of.get(frames.start_us))
        for frames in connection.execute(_frames_by_bin(job_id, bin_us, first_us))
    }
    return fill_gaps(points, bin_us=bin_us)


def _frames_by_bin(job_id: str, bin_us: int | None, first_us: int) -> Select[Any]:
    rows = (
        select(_bin_start(FrameTable.pts_us, bin_us, first_us).label("start_us"), FrameTable.status)
        .where(FrameTable.job_id == job_id)
        .subquery()
    )
    return select(
        rows.c.start_us,
        func.count().label("num_frames"),
        func.sum(case((rows.c.status == FrameStatus.FACE, 1), else_=0)).label("num_face_frames"),
        func.sum(case((rows.c.status == FrameStatus.UNDECODABLE, 1), else_=0)).label("num_undecodable_frames"),
    ).group_by(rows.c.start_us)


def _faces_by_bin(job_id: str, bin_us: int | None, first_us: int) -> Select[Any]:
    """Select only the bins in which a face is counted."""
    columns = FaceTable.__table__.c
    rows = (
        select(
            _bin_start(FaceTable.pts_us, bin_us, first_us).label("start_us"),
            FaceTable.frame_index,
            *(columns[name] for name in PROB_COLUMNS),
        )
        .where(FaceTable.job_id == job_id, FaceTable.abstained.is_(False))
        .subquery()
    )
    return select(
        rows.c.start_us,
        func.count().label("num_faces"),
        func.count(rows.c.frame_index.distinct()).label("num_counted_frames"),
        *(func.avg(rows.c[name]).label(name) for name in PROB_COLUMNS),
    ).group_by(rows.c.start_us)


def _bin_start(pts_us: Any, bin_us: int | None, first_us: int) -> ColumnElement[int]:
    if bin_us is None:
        return literal(first_us)
    return bin_start(pts_us, bin_us)


def _point(frames: Row[Any], faces: Row[Any] | None) -> TimelinePoint:
    probs = tuple(faces._mapping[name] for name in PROB_COLUMNS) if faces else None
    return TimelinePoint(
        start_us=frames.start_us,
        num_frames=frames.num_frames,
        num_face_frames=frames.num_face_frames,
        num_rejected_frames=frames.num_face_frames - (faces.num_counted_frames if faces else 0),
        num_undecodable_frames=frames.num_undecodable_frames,
        num_faces=faces.num_faces if faces else 0,
        probs=probs,
        top=None if probs is None else top_emotion(probs),
    )
