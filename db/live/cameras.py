"""Cameras as they stand: their gaps, stretches, and what became of every picture. Reads only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, case, func, select

from core.errors import InputError
from db.records import CameraGap
from db.states import ChunkState, MediaKind
from db.tables import CameraGapTable, ChunkTable, JobTable, MediaTable

#: Over how many chunks the lag is measured: the last few minutes of a camera.
_NUM_LAG_CHUNKS: Final = 200


@dataclass(frozen=True, kw_only=True)
class CameraSummary:
    """A camera and what became of its pictures: captured = processed + waiting + dropped."""

    camera: str
    is_open: bool  # a stretch is open: somebody watches it, or was killed while watching
    num_stretches: int
    num_captured_frames: int  # in fragments that came
    num_processed_frames: int  # of these, in chunks that are done
    num_waiting_frames: int  # in chunks that wait or are worked on
    num_dropped_frames: int  # in chunks that failed
    num_frames_by_error: dict[str, int]  # dropped ones, by code
    num_gaps: int
    lag_p50_seconds: float | None  # from a chunk's last picture until its rows were there, of late; None: nothing yet
    lag_p95_seconds: float | None
    last_picture_at: datetime | None  # aware wall clock


def list_cameras(connection: Connection) -> list[str]:
    """Return the names of all cameras that were watched or tried, sorted."""
    watched = select(MediaTable.path).where(MediaTable.kind == MediaKind.CAMERA)
    return sorted(connection.scalars(watched.union(select(CameraGapTable.camera))))


def camera_summary(connection: Connection, camera: str) -> CameraSummary:
    """Return what became of a camera's pictures. Raises InputError for one that the store does not know."""
    if camera not in list_cameras(connection):
        raise InputError(f"no camera {camera!r} in the store; `moodline cameras` shows which there are")
    is_of_camera = (MediaTable.kind == MediaKind.CAMERA, MediaTable.path == camera)
    jobs = select(JobTable.id).join(MediaTable, MediaTable.id == JobTable.media_id).where(*is_of_camera)
    num_frames = func.coalesce(func.sum(ChunkTable.num_source_frames), 0)
    by_outcome = connection.execute(
        select(ChunkTable.state, ChunkTable.error_code, num_frames.label("num_frames"))
        .where(ChunkTable.job_id.in_(jobs))
        .group_by(ChunkTable.state, ChunkTable.error_code)
        .order_by(ChunkTable.error_code)
    ).all()
    stretches = connection.execute(
        select(
            func.count().label("number"),
            func.coalesce(func.sum(case((JobTable.is_open.is_(True), 1), else_=0)), 0).label("num_open"),
        ).where(JobTable.id.in_(jobs))
    ).one()
    gaps = select(func.count()).select_from(CameraGapTable).where(CameraGapTable.camera == camera)
    lags = _lags_seconds(connection, camera)
    failed = {row.error_code: int(row.num_frames) for row in by_outcome if row.state is ChunkState.FAILED}
    processed = sum(int(row.num_frames) for row in by_outcome if row.state is ChunkState.DONE)
    captured = sum(int(row.num_frames) for row in by_outcome)
    return CameraSummary(
        camera=camera,
        is_open=stretches.num_open > 0,
        num_stretches=stretches.number,
        num_captured_frames=captured,
        num_processed_frames=processed,
        num_waiting_frames=captured - processed - sum(failed.values()),
        num_dropped_frames=sum(failed.values()),
        num_frames_by_error=failed,
        num_gaps=connection.scalar(gaps) or 0,
        lag_p50_seconds=_share_of(lags, 0.50),
        lag_p95_seconds=_share_of(lags, 0.95),
        last_picture_at=_last_picture_at(connection, camera),
    )


def list_gaps(connection: Connection, camera: str) -> list[CameraGap]:
    """Return a camera's gaps in order of time."""
    rows = connection.execute(
        select(CameraGapTable.__table__).where(CameraGapTable.camera == camera).order_by(CameraGapTable.from_at)
    )
    return [CameraGap(**row._mapping) for row in rows]


def open_stretches(connection: Connection, camera: str) -> list[str]:
    """Return the open jobs of a camera: of a watcher that was killed, or of one that runs still."""
    return list(
        connection.scalars(
            select(JobTable.id)
            .join(MediaTable, MediaTable.id == JobTable.media_id)
            .where(JobTable.is_open.is_(True), MediaTable.kind == MediaKind.CAMERA, MediaTable.path == camera)
            .order_by(JobTable.created_at, JobTable.id)
        )
    )


def _lags_seconds(connection: Connection, camera: str) -> list[float]:
    """Return, sorted, how long after its last picture each of the newest chunks was done."""
    rows = connection.execute(
        select(MediaTable.started_at, ChunkTable.end_us, ChunkTable.finished_at_seconds)
        .join(JobTable, JobTable.id == ChunkTable.job_id)
        .join(MediaTable, MediaTable.id == JobTable.media_id)
        .where(MediaTable.kind == MediaKind.CAMERA, MediaTable.path == camera, ChunkTable.state == ChunkState.DONE)
        .order_by(ChunkTable.finished_at_seconds.desc())
        .limit(_NUM_LAG_CHUNKS)
    )
    return sorted(row.finished_at_seconds - row.started_at.timestamp() - row.end_us / 1e6 for row in rows)


def _share_of(ordered: list[float], share: float) -> float | None:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


def _last_picture_at(connection: Connection, camera: str) -> datetime | None:
    newest = connection.execute(
        select(MediaTable.started_at, MediaTable.end_us)
        .where(MediaTable.kind == MediaKind.CAMERA, MediaTable.path == camera)
        .order_by(MediaTable.started_at.desc())
        .limit(1)
    ).one_or_none()
    return None if newest is None else newest.started_at + timedelta(microseconds=newest.end_us)
