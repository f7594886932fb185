"""What a camera writes while it is watched: a media and an open job a stretch, a chunk a fragment, gaps between.

Every function runs inside the caller's transaction, and may run again: an answer can be lost after its commit.
"""

import hashlib
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, exists, insert, select, update

from core.media import ChunkSpan
from db import identity
from db.clock import database_seconds
from db.insertion import insert_if_absent
from db.jobs import get_job
from db.live.cameras import open_stretches
from db.people.appearances import assign
from db.queue.completion import Progress, advance
from db.records import CameraStretch, Fault
from db.states import UNFINISHED, ChunkState, JobQueue, JobState, MediaKind
from db.submission import store_model_version
from db.tables import CameraGapTable, ChunkTable, JobTable, MediaTable


def begin_stretch(connection: Connection, stretch: CameraStretch, *, after_job_id: str | None = None) -> str | None:
    """Store a stretch's media and its open job, without a chunk yet, and return the job. Begun again, it is the same.

    The job that it follows without a break is closed. None: that one was cancelled, or another process, which began
    after this one, has a stretch of the camera open. Raises InputError where its subject does not allow it now.
    """
    first_at = stretch.started_at.astimezone(UTC) + timedelta(microseconds=stretch.start_us)
    sha256 = hashlib.sha256(f"camera:{stretch.owner}:{stretch.camera}:{first_at.isoformat()}".encode()).hexdigest()
    job_id = identity.job_id(
        owner=stretch.owner,
        media_sha256=sha256,
        model_version=stretch.model_version.id,
        parameters=identity.canonical_parameters(stretch.parameters),
        run_number=0,
    )
    if after_job_id is not None:
        end_stretch(connection, after_job_id)
        if get_job(connection, after_job_id).state is JobState.CANCELLED:
            return None
    if set(open_stretches(connection, stretch.camera)) - {job_id}:
        return None
    _store_media(connection, stretch, sha256=sha256)
    if stretch.appearance is not None:
        assign(connection, identity.media_id(sha256), stretch.appearance, actor=stretch.owner)
    store_model_version(connection, stretch.model_version)
    _store_open_job(connection, stretch, job_id=job_id, media_id=identity.media_id(sha256))
    return job_id


def _store_media(connection: Connection, stretch: CameraStretch, *, sha256: str) -> None:
    insert_if_absent(
        connection,
        insert(MediaTable).values(
            id=identity.media_id(sha256),
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
            start_us=stretch.start_us,
            end_us=stretch.start_us,
            timestamps_estimated=False,
            started_at=stretch.started_at,
            created_at=datetime.now(UTC),
        ),
    )


def _store_open_job(connection: Connection, stretch: CameraStretch, *, job_id: str, media_id: str) -> None:
    insert_if_absent(
        connection,
        insert(JobTable).values(
            id=job_id,
            owner=stretch.owner,
            media_id=media_id,
            model_version_id=stretch.model_version.id,
            parameters=identity.canonical_parameters(stretch.parameters),
            run_number=0,
            queue=JobQueue.LIVE,
            priority=stretch.priority,
            is_open=True,
            activates=True,
            num_chunks=0,
            created_at=datetime.now(UTC),
        ),
    )


def append_chunk(
    connection: Connection, job_id: str, span: ChunkSpan, *, fragment_key: str, num_source_frames: int
) -> bool:
    """Add a fragment to an open job, to be analysed. False: the job was closed or cancelled, and takes no more."""
    if not _takes_chunks(connection, job_id):
        return False
    if not _has_chunk(connection, job_id, span):
        _insert_chunk(connection, job_id, span, fragment_key=fragment_key, num_source_frames=num_source_frames)
    return True


def append_dropped(
    connection: Connection, job_id: str, span: ChunkSpan, *, num_source_frames: int, fault: Fault
) -> bool:
    """Add pictures that came and were dropped before anybody could look: a failed chunk that says why. False: as above.

    So every picture that came is counted once: in a chunk that is done, or in one that says what became of it.
    """
    if not _takes_chunks(connection, job_id):
        return False
    if not _has_chunk(connection, job_id, span):
        _insert_chunk(connection, job_id, span, num_source_frames=num_source_frames, fault=fault)
        advance(connection, job_id, Progress(num_chunks_failed=1))
    return True


def end_stretch(connection: Connection, job_id: str) -> None:
    """Close a job: no more chunks come, and it is over with the last of those that are there."""
    connection.execute(update(JobTable).where(JobTable.id == job_id).values(is_open=False))
    advance(connection, job_id, Progress())


def take_over(connection: Connection, camera: str, *, reason: str) -> int:
    """End the stretches that a watcher left open, and begin the gap after the last of them. Return how many there were.

    A watcher that runs still finds its job closed, and stops.
    """
    last_at = None
    abandoned = open_stretches(connection, camera)
    for job_id in abandoned:
        media = connection.execute(
            select(MediaTable.started_at, MediaTable.end_us)
            .join(JobTable, JobTable.media_id == MediaTable.id)
            .where(JobTable.id == job_id)
        ).one()
        ended_at = media.started_at + timedelta(microseconds=media.end_us)
        last_at = ended_at if last_at is None else max(last_at, ended_at)
        end_stretch(connection, job_id)
    if last_at is not None:
        begin_gap(connection, camera, from_at=last_at, reason=reason)
    return len(abandoned)


def begin_gap(connection: Connection, camera: str, *, from_at: datetime, reason: str) -> bool:
    """Note that a camera gives nothing any more. False: that is noted already, and its gap goes on."""
    is_open = exists().where(CameraGapTable.camera == camera, CameraGapTable.until_at.is_(None))
    if connection.scalar(select(is_open)):
        return False
    return insert_if_absent(
        connection, insert(CameraGapTable).values(camera=camera, from_at=from_at, until_at=None, reason=reason)
    )


def end_gap(connection: Connection, camera: str, *, until_at: datetime) -> datetime | None:
    """Note that a camera gives pictures again. Return since when it gave none; None: no gap is open."""
    is_open = (CameraGapTable.camera == camera, CameraGapTable.until_at.is_(None))
    # Locked on PostgreSQL: of two watchers that see the camera come back, the second then sees the first's stretch.
    from_at = connection.scalar(select(CameraGapTable.from_at).where(*is_open).with_for_update())
    if from_at is None:
        return None
    # Both ends are estimates: a gap of a moment must not end before it begins.
    connection.execute(update(CameraGapTable).where(*is_open).values(until_at=max(from_at, until_at)))
    return from_at


def _takes_chunks(connection: Connection, job_id: str) -> bool:
    """Whether a job is open and not over. Locks it on PostgreSQL: two writers meet there."""
    is_open = (JobTable.id == job_id, JobTable.is_open.is_(True), JobTable.state.in_(UNFINISHED))
    return connection.scalar(select(JobTable.id).where(*is_open).with_for_update()) is not None


def _has_chunk(connection: Connection, job_id: str, span: ChunkSpan) -> bool:
    is_it = exists().where(ChunkTable.job_id == job_id, ChunkTable.chunk_index == span.chunk_index)
    return bool(connection.scalar(select(is_it)))


def _insert_chunk(
    connection: Connection,
    job_id: str,
    span: ChunkSpan,
    *,
    num_source_frames: int,
    fragment_key: str | None = None,
    fault: Fault | None = None,
) -> None:
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
            state=ChunkState.FAILED if fault else ChunkState.PENDING,
            finished_at_seconds=database_seconds() if fault else None,
            error_code=fault.code if fault else None,
            error_message=fault.message if fault else None,
        )
    )
    connection.execute(update(JobTable).where(JobTable.id == job_id).values(num_chunks=JobTable.num_chunks + 1))
    media_id = select(JobTable.media_id).where(JobTable.id == job_id).scalar_subquery()
    connection.execute(
        update(MediaTable)
        .where(MediaTable.id == media_id)
        .values(end_us=span.end_us - 1, num_packets=MediaTable.num_packets + num_source_frames)
    )
