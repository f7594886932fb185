"""Submitting: a request becomes a media, a model version, a job and its chunks, in the caller's one transaction."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from core.errors import InputError
from db import identity
from db.insertion import insert_if_absent
from db.jobs import get_job
from db.people.appearances import assign
from db.people.subjects import require_consent
from db.people.tombstones import is_erased
from db.records import AnalysisRequest, ModelVersion, Submission
from db.states import UNFINISHED, JobQueue, MediaKind
from db.tables import ChunkTable, JobTable, MediaTable, ModelVersionTable, SubmitTokenTable


class TokenTaken(InputError):
    """A client's word for one request was used again for another."""


def submit(connection: Connection, request: AnalysisRequest, *, force: bool = False) -> Submission:
    """Store a request. The same request again is the same job and adds no row; `force` makes a new run of it.

    After a forced run the same request means that run, so that one which was stopped is resumed without `force`.
    A token that was given before answers with the job that it was given for; InputError if that was another request,
    and where somebody who is named in the media does not allow it now.
    """
    if request.token is not None:
        known = _job_of_token(connection, request)
        if known is not None:
            return Submission(job=get_job(connection, known), created=False)
    if is_erased(connection, request.media.sha256):
        raise InputError(f"{request.path}: was erased with a subject, and must not come back; remove the file")
    media_id = _store_media(connection, request)
    if request.appearance is not None:
        assign(connection, media_id, request.appearance, actor=request.owner)
    require_consent(connection, media_id)
    store_model_version(connection, request.model_version)
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
    created = insert_if_absent(
        connection,
        insert(JobTable).values(
            id=job_id,
            owner=request.owner,
            media_id=media_id,
            model_version_id=request.model_version.id,
            parameters=parameters,
            run_number=run_number,
            queue=request.queue,
            priority=request.priority,
            activates=request.activates,
            num_chunks=len(request.spans),
            created_at=datetime.now(UTC),
        ),
    )
    if created:
        connection.execute(insert(ChunkTable), _chunk_rows(job_id, request))
    elif request.queue is not JobQueue.LOCAL:
        _hand_to_pool(connection, job_id, request)
    if request.activates and not created:
        _let_activate(connection, job_id)
    if request.token is not None:
        _keep_token(connection, request, job_id)
    return Submission(job=get_job(connection, job_id), created=created)


def store_model_version(connection: Connection, version: ModelVersion) -> None:
    """Store which checkpoint speaks in rows, once."""
    insert_if_absent(
        connection,
        insert(ModelVersionTable).values(id=version.id, name=version.name, sha256=version.sha256, card=version.card),
    )


def _hand_to_pool(connection: Connection, job_id: str, request: AnalysisRequest) -> None:
    """Let the pool finish a job that was begun where it was submitted; the newest word on priority counts."""
    connection.execute(
        update(JobTable)
        .where(JobTable.id == job_id, JobTable.state.in_(UNFINISHED))
        .values(queue=request.queue, priority=request.priority)
    )


def _let_activate(connection: Connection, job_id: str) -> None:
    """Whoever asks for an analysis wants to read it: a generation that was to wait beside the old one need not."""
    connection.execute(
        update(JobTable).where(JobTable.id == job_id, JobTable.state.in_(UNFINISHED)).values(activates=True)
    )


def _job_of_token(connection: Connection, request: AnalysisRequest) -> str | None:
    """Return the job that a token was given for. Raise InputError where that job is of another request."""
    known = connection.execute(
        select(JobTable.id, JobTable.media_id, JobTable.model_version_id, JobTable.parameters)
        .join(SubmitTokenTable, SubmitTokenTable.job_id == JobTable.id)
        .where(SubmitTokenTable.owner == request.owner, SubmitTokenTable.token == request.token)
    ).one_or_none()
    if known is None:
        return None
    asked = (
        identity.media_id(request.media.sha256),
        request.model_version.id,
        identity.canonical_parameters(request.parameters),
    )
    if (known.media_id, known.model_version_id, known.parameters) != asked:
        raise TokenTaken(
            f"token {request.token!r} was given before for another request (job {known.id}): "
            "use a token for one request only"
        )
    return str(known.id)


def _keep_token(connection: Connection, request: AnalysisRequest, job_id: str) -> None:
    row = {"owner": request.owner, "token": request.token, "job_id": job_id, "created_at": datetime.now(UTC)}
    if not insert_if_absent(connection, insert(SubmitTokenTable).values(row)):
        _job_of_token(connection, request)  # another transaction was quicker: is it the same request?


def _store_media(connection: Connection, request: AnalysisRequest) -> str:
    media = request.media
    media_id = identity.media_id(media.sha256)
    created = insert_if_absent(
        connection,
        insert(MediaTable).values(
            id=media_id,
            sha256=media.sha256,
            kind=MediaKind.FILE,
            path=request.path,
            size_bytes=media.size_bytes,
            modified_ns=request.modified_ns,
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
        seen_again: dict[str, Any] = {"path": request.path, "modified_ns": request.modified_ns}
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
    fragment_keys = request.fragment_keys or (None,) * len(request.spans)
    return [
        {
            "job_id": job_id,
            "chunk_index": span.chunk_index,
            "start_us": span.start_us,
            "end_us": span.end_us,
            "first_frame_index": span.first_frame_index,
            "previous_pts_us": span.previous_pts_us,
            "fragment_key": fragment_key,
        }
        for span, fragment_key in zip(request.spans, fragment_keys, strict=True)
    ]
