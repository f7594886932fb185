"""A job's timeline, binned and averaged by the database. core.timeline says what it must give; a test compares them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, literal, select

from core.emotions import top_emotion
from core.frames import FrameStatus
from core.timeline import Timeline, TimelinePoint, bin_start_us, check_bin_us, check_num_points, empty_point, fill_gaps
from db.bins import bin_start
from db.jobs import get_job
from db.observations import PROB_COLUMNS
from db.row_tables import FaceTable, FrameTable

#: From when, inclusive, until when, exclusive: presentation time in microseconds.
Span = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class TimelinePage:
    """A part of a timeline."""

    timeline: Timeline
    next_us: int | None  # presentation time at which the next part begins; None: this is the last


def timeline(connection: Connection, job_id: str, *, bin_us: int | None) -> Timeline:
    """Return a job's timeline in bins of `bin_us`; None makes one bin of the whole media."""
    check_bin_us(bin_us)
    return _timeline(connection, job_id, bin_us, _points(connection, job_id, bin_us))


def timeline_page(connection: Connection, job_id: str, *, bin_us: int, asked_us: Span, max_points: int) -> TimelinePage:
    """Return the bins that begin within `asked_us` and within the media, `max_points` at most, gaps included.

    Averages no more rows than the part holds; to find them, it passes over all of the job.
    """
    check_bin_us(bin_us)
    first_us, last_us = _extent(connection, job_id)
    if first_us is None or last_us is None:
        return TimelinePage(timeline=_timeline(connection, job_id, bin_us, ()), next_us=None)
    begin_us = max(bin_start_us(first_us, bin_us), -(-asked_us[0] // bin_us) * bin_us)
    until_us = min(bin_start_us(last_us, bin_us) + bin_us, -(-asked_us[1] // bin_us) * bin_us)
    end_us = min(until_us, begin_us + max_points * bin_us)
    if begin_us >= end_us:
        return TimelinePage(timeline=_timeline(connection, job_id, bin_us, ()), next_us=None)
    span = (begin_us, end_us)
    faces_of = {row.start_us: row for row in connection.execute(_faces_by_bin(job_id, bin_us, begin_us, span))}
    points = {
        frames.start_us: _point(frames, faces_of.get(frames.start_us))
        for frames in connection.execute(_frames_by_bin(job_id, bin_us, begin_us, span))
    }
    starts_us = range(begin_us, end_us, bin_us)
    found = tuple(points.get(start_us) or empty_point(start_us) for start_us in starts_us)
    return TimelinePage(
        timeline=_timeline(connection, job_id, bin_us, found), next_us=end_us if end_us < until_us else None
    )


def _timeline(connection: Connection, job_id: str, bin_us: int | None, points: tuple[TimelinePoint, ...]) -> Timeline:
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
    first_us, last_us = _extent(connection, job_id)
    if first_us is None or last_us is None:
        return ()
    if bin_us is not None:
        check_num_points(first_us, last_us, bin_us)
    faces_of = {row.start_us: row for row in connection.execute(_faces_by_bin(job_id, bin_us, first_us))}
    points = {
        frames.start_us: _point(frames, faces_of.get(frames.start_us))
        for frames in connection.execute(_frames_by_bin(job_id, bin_us, first_us))
    }
    return fill_gaps(points, bin_us=bin_us)


def _frames_by_bin(job_id: str, bin_us: int | None, first_us: int, span: Span | None = None) -> Select[Any]:
    rows = (
        select(_bin_start(FrameTable.pts_us, bin_us, first_us).label("start_us"), FrameTable.status)
        .where(FrameTable.job_id == job_id, *_within(FrameTable.pts_us, span))
        .subquery()
    )
    return select(
        rows.c.start_us,
        func.count().label("num_frames"),
        func.sum(case((rows.c.status == FrameStatus.FACE, 1), else_=0)).label("num_face_frames"),
        func.sum(case((rows.c.status == FrameStatus.UNDECODABLE, 1), else_=0)).label("num_undecodable_frames"),
    ).group_by(rows.c.start_us)


def _faces_by_bin(job_id: str, bin_us: int | None, first_us: int, span: Span | None = None) -> Select[Any]:
    """Select only the bins in which a face is counted."""
    columns = FaceTable.__table__.c
    rows = (
        select(
            _bin_start(FaceTable.pts_us, bin_us, first_us).label("start_us"),
            FaceTable.frame_index,
            *(columns[name] for name in PROB_COLUMNS),
        )
        .where(FaceTable.job_id == job_id, FaceTable.abstained.is_(False), *_within(FaceTable.pts_us, span))
        .subquery()
    )
    return select(
        rows.c.start_us,
        func.count().label("num_faces"),
        func.count(rows.c.frame_index.distinct()).label("num_counted_frames"),
        *(func.avg(rows.c[name]).label(name) for name in PROB_COLUMNS),
    ).group_by(rows.c.start_us)


def _extent(connection: Connection, job_id: str) -> tuple[int | None, int | None]:
    """Return the presentation times of a job's first and last frame; None: it has none yet."""
    first_us, last_us = connection.execute(
        select(func.min(FrameTable.pts_us), func.max(FrameTable.pts_us)).where(FrameTable.job_id == job_id)
    ).one()
    return first_us, last_us


def _within(pts_us: Any, span: Span | None) -> tuple[ColumnElement[bool], ...]:
    return () if span is None else (pts_us >= span[0], pts_us < span[1])


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
