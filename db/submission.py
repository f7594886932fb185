"""Submitting: a request becomes a media, a model version, a job and its chunks, in the caller's one transaction."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Insert, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from db import identity
from db.jobs import get_job
from db.records import AnalysisRequest, Submission
from db.states import ChunkState, JobState
from db.tables import ChunkTable, JobTable, MediaTable, ModelVersionTable


def submit(connection: Connection, request: AnalysisRequest, *, force: bool = False) -> Submission:
    """Store a request. The same request again is the same job and adds no row; `force` makes a new run of it.

    After a forced run the same request means that run, so that one which was stopped is resumed without `force`.
    """
    media_id = _store_media(connection, request)
    _insert_if_absent(
        connection,
        insert(ModelVersionTable).values(
            id=request.model_version.id,
            name=request.model_version.name,
            sha256=request.model_version.sha256,
            card=request.model_version.card,
        ),
    )
    parameters = identity.canonical_parameters(request.parameters)
    newest = _newest_run_number(connection, request, media_id, parameters)
    run_number = 0 if newest is None else newest + 1 if force else newest
    job_id = identity.job_id(
        owner=request.owner,
        media_sha256=request.media.sha256,
        model_version=request.model_version.id,
        parameters=parameters,
        run_number=run_number,
    )
    created = _insert_if_absent(
        connection,
        insert(JobTable).values(
            id=job_id,
            owner=request.owner,
            media_id=media_id,
            model_version_id=request.model_version.id,
            parameters=parameters,
            run_number=run_number,
            state=JobState.PENDING,
            num_chunks=len(request.spans),
            num_chunks_done=0,
            num_chunks_failed=0,
            num_frames=0,
            num_face_frames=0,
            num_faces=0,
            created_at=datetime.now(UTC),
        ),
    )
    if created:
        connection.execute(insert(ChunkTable), _chunk_rows(job_id, request))
    return Submission(job=get_job(connection, job_id), created=created)


def _store_media(connection: Connection, request: AnalysisRequest) -> str:
    media = request.media
    media_id = identity.media_id(media.sha256)
    created = _insert_if_absent(
        connection,
        insert(MediaTable).values(
            id=media_id,
            sha256=media.sha256,
            kind="file",
            path=request.path,
            size_bytes=media.size_bytes,
            format_name=media.format_name,
            codec_name=media.codec_name,
            width_px=media.width_px,
            height_px=media.height_px,
            rotation_degrees=media.rotation_degrees,
            num_packets=media.num_packets,
            start_us=media.start_us,
            end_us=media.end_us,
            timestamps_estimated=media.timestamps_estimated,
            truncated_at_us=media.truncated_at_us,
            started_at=request.started_at,
            created_at=datetime.now(UTC),
        ),
    )
    if not created:
        seen_again: dict[str, Any] = {"path": request.path}
        if request.started_at is not None:
            seen_again["started_at"] = request.started_at
        connection.execute(update(MediaTable).where(MediaTable.id == media_id).values(seen_again))
    return media_id


def _newest_run_number(connection: Connection, request: AnalysisRequest, media_id: str, parameters: str) -> int | None:
    return connection.scalar(
        select(func.max(JobTable.run_number)).where(
            JobTable.owner == request.owner,
            JobTable.media_id == media_id,
            JobTable.model_version_id == request.model_version.id,
            JobTable.parameters == parameters,
        )
    )


def _chunk_rows(job_id: str, request: AnalysisRequest) -> list[dict[str, Any]]:
    return [
        {
            "job_id": job_id,
            "chunk_index": span.chunk_index,
            "start_us": span.start_us,
            "end_us": span.end_us,
            "first_frame_index": span.first_frame_index,
            "previous_pts_us": span.previous_pts_us,
            "state": ChunkState.PENDING,
            "fence": 0,
            "attempt": 0,
            "num_frames": 0,
        }
        for span in request.spans
    ]


def _insert_if_absent(connection: Connection, statement: Insert) -> bool:
    """Insert a row unless its key is there, also when another transaction is inserting it now. True: inserted.

    A savepoint, because ON CONFLICT is spelled per database.
    """
    try:
        with connection.begin_nested():
            connection.execute(statement)
    except IntegrityError:
        return False
    return True
