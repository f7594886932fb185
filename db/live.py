"""What a camera writes while it is watched: a media and an open job a stretch, a chunk a fragment, gaps between.

Every function runs inside the caller's transaction.
"""

import hashlib
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, insert, select, update

from core.media import ChunkSpan
from db import identity
from db.clock import database_seconds
from db.completion import Progress, advance
from db.insertion import insert_if_absent
from db.jobs import get_job
from db.records import CameraGap, CameraStretch, JobRecord
from db.states import UNFINISHED, ChunkState, JobQueue, JobState, MediaKind
from db.submission import store_model_version
from db.tables import CameraGapTable, ChunkTable, JobTable, MediaTable

#: Error code of a fragment that was given up because workers could not keep up.
LAGGED: Final = "LAGGED"


def begin_stretch(connection: Connection, stretch: CameraStretch) -> JobRecord:
    """Store a stretch's media and its open job, without a chunk yet. Begun again, it is the same job."""
    start = f"camera:{stretch.owner}:{stretch.camera}:{stretch.started_at.astimezone(UTC).isoformat()}"
    sha256 = hashlib.sha256(start.encode()).hexdigest()
    media_id = identity.media_id(sha256)
    now = datetime.now(UTC)
    insert_if_absent(
        connection,
        insert(MediaTable).values(
            id=media_id,
            sha256=sha256,
            kind=MediaKind.CAMERA,
            path=stretch.camera,
            size_bytes=0,
            format_name="live",
            codec_name=stretch.codec_name,
            width_px=stretch.width_px,
            height_px=stretch.height_px,
            rotation_degrees=stretch.rotation_degrees,
            num_packets=0,
            start_us=0,
            end_us=0,
            timestamps_estimated=False,
            started_at=stretch.started_at,
            created_at=now,
        ),
    )
    store_model_version(connection, stretch.model_version)
    parameters = identity.canonical_parameters(stretch.parameters)
    job_id = identity.job_id(
        owner=stretch.owner,
        media_sha256=sha256,
        model_version=stretch.model_version.id,
        parameters=parameters,
        run_number=0,
    )
    insert_if_absent(
        connection,
        insert(JobTable).values(
            id=job_id,
            owner=stretch.owner,
            media_id=media_id,
            model_version_id=stretch.model_version.id,
            parameters=parameters,
            run_number=0,
            queue=JobQueue.LIVE,
            priority=stretch.priority,
            is_paused=False,
            is_open=True,
            state=JobState.PENDING,
            num_chunks=0,
            num_chunks_done=0,
            num_chunks_failed=0,
            num_frames=0,
            num_face_frames=0,
            num_faces=0,
            created_at=now,
        ),
    )
    return get_job(connection, job_id)


def append_chunk(
    connection: Connection, job_id: str, span: ChunkSpan, *, fragment_key: str, num_source_frames: int
) -> bool:
    """Add a fragment to an open job. False: the job was closed or cancelled, and takes no more."""
    # The job's row first: it is what two writers meet at.
    taken = connection.execute(
        update(JobTable)
        .where(JobTable.id == job_id, JobTable.is_open.is_(True), JobTable.state.in_(UNFINISHED))
        .values(num_chunks=JobTable.num_chunks + 1)
    )
    if not taken.rowcount:
        return False
    connection.execute(
        insert(ChunkTable).values(
            job_id=job_id,
            chunk_index=span.chunk_index,
            start_us=span.start_us,
            end_us=span.end_us,
            first_frame_index=span.first_frame_index,
            previous_pts_us=span.previous_pts_us,
            fragment_key=fragment_key,
            num_source_frames=num_source_frames,
            state=ChunkState.PENDING,
            fence=0,
            attempt=0,
            num_frames=0,
        )
    )
    media_id = select(JobTable.media_id).where(JobTable.id == job_id).scalar_subquery()
    connection.execute(
        update(MediaTable)
        .where(MediaTable.id == media_id)
        .values(end_us=span.end_us - 1, num_packets=MediaTable.num_packets + num_source_frames)
    )
    return True


def drop_oldest(connection: Connection, job_id: str, *, max_waiting: int) -> list[str]:
    """Give up the oldest chunks that wait, down to `max_waiting`. Return the keys of their fragments."""
    waiting = connection.execute(
        select(ChunkTable.chunk_index, ChunkTable.fragment_key)
        .where(ChunkTable.job_id == job_id, ChunkTable.state == ChunkState.PENDING)
        .order_by(ChunkTable.chunk_index.desc())
        .offset(max_waiting)
    ).all()
    dropped = []
    for chunk in waiting:
        given_up = connection.execute(
            update(ChunkTable)
            .where(
                ChunkTable.job_id == job_id,
                ChunkTable.chunk_index == chunk.chunk_index,
                ChunkTable.state == ChunkState.PENDING,  # a worker may have been quicker
            )
            .values(
                state=ChunkState.FAILED,
                published_at_seconds=None,
                finished_at_seconds=database_seconds(),
                error_code=LAGGED,
                error_message="dropped unseen, because the workers could not keep up with the camera",
            )
        )
        if given_up.rowcount:
            dropped.append(chunk.fragment_key)
    if dropped:
        advance(connection, job_id, Progress(num_chunks_failed=len(dropped)))
    return dropped


def end_stretch(connection: Connection, job_id: str) -> None:
    """Close a job: no more chunks come, and it is over with the last of those that are there."""
    connection.execute(update(JobTable).where(JobTable.id == job_id).values(is_open=False))
    advance(connection, job_id, Progress())


def begin_gap(connection: Connection, camera: str, *, from_at: datetime, reason: str) -> None:
    """Note that a camera gives nothing any more; beginning the same gap again changes nothing."""
    insert_if_absent(connection, insert(CameraGapTable).values(camera=camera, from_at=from_at, reason=reason))


def end_gap(connection: Connection, camera: str, *, until_at: datetime) -> None:
    """Note that a camera gives pictures again: its gap, if one is open, ends."""
    connection.execute(
        update(CameraGapTable)
        .where(CameraGapTable.camera == camera, CameraGapTable.until_at.is_(None))
        .values(until_at=until_at)
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
