"""Where rows come from: media, model, parameters and programs, for manifests and for making a row again. Reads only."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from core.errors import InputError
from core.exports.manifest import SourceJob
from core.media import ChunkSpan
from core.observations import FrameObservation
from db.jobs import span_of
from db.observations import get_frame
from db.records import JobRecord, MediaRecord
from db.row_tables import FrameTable
from db.subject_tables import AppearanceTable, SubjectTable
from db.tables import ActiveGenerationTable, ChunkTable, JobTable, MediaTable, ModelVersionTable


@dataclass(frozen=True, kw_only=True)
class FrameOrigin:
    """One stored frame, and what it takes to make it again."""

    media: MediaRecord
    job: JobRecord
    model_sha256: str  # of the checkpoint file
    span: ChunkSpan  # that the frame was analysed in: faces are followed from its first frame on
    software: str | None  # JSON; None: not written down then
    frame: FrameObservation


def frame_origin(connection: Connection, media: MediaRecord, job: JobRecord, frame_index: int) -> FrameOrigin:
    """Find a frame and its origin. Raises InputError where the job has no such frame."""
    row = connection.execute(
        select(ChunkTable.__table__)
        .join(
            FrameTable,
            (FrameTable.job_id == ChunkTable.job_id) & (FrameTable.chunk_index == ChunkTable.chunk_index),
        )
        .where(FrameTable.job_id == job.id, FrameTable.frame_index == frame_index)
    ).one_or_none()
    if row is None:
        raise InputError(f"frame {frame_index}: {media.path} has no row of it; `moodline frames` lists those it has")
    sha256 = connection.scalars(
        select(ModelVersionTable.sha256).where(ModelVersionTable.id == job.model_version_id)
    ).one()
    return FrameOrigin(
        media=media,
        job=job,
        model_sha256=sha256,
        span=span_of(row),
        software=row.software,
        frame=get_frame(connection, job.id, frame_index),
    )


def sources_of_media(connection: Connection, job_id: str) -> list[SourceJob]:
    """Return the one job that a media's timeline is made of."""
    return _sources(connection, [job_id], {})


def sources_of_subject(connection: Connection, subject_id: str) -> list[SourceJob]:
    """Return the jobs whose rows speak for a subject's media, in order of the media's time."""
    rows = connection.execute(
        select(ActiveGenerationTable.job_id, AppearanceTable.session, AppearanceTable.condition)
        .join(AppearanceTable, AppearanceTable.media_id == ActiveGenerationTable.media_id)
        .join(SubjectTable, SubjectTable.key == AppearanceTable.subject_key)
        .where(SubjectTable.id == subject_id)
    ).all()
    return _sources(
        connection, [row.job_id for row in rows], {row.job_id: (row.session, row.condition) for row in rows}
    )


def _sources(
    connection: Connection, job_ids: Sequence[str], sitting_of: dict[str, tuple[str | None, str | None]]
) -> list[SourceJob]:
    found = []
    for job_id in job_ids:
        row = connection.execute(
            select(
                MediaTable.id.label("media_id"),
                MediaTable.sha256.label("media_sha256"),
                MediaTable.started_at,
                JobTable.id.label("job_id"),
                JobTable.state,
                JobTable.parameters,
                JobTable.model_version_id.label("model_version"),
                ModelVersionTable.sha256.label("model_sha256"),
                JobTable.num_frames,
            )
            .join(JobTable, JobTable.media_id == MediaTable.id)
            .join(ModelVersionTable, ModelVersionTable.id == JobTable.model_version_id)
            .where(JobTable.id == job_id)
        ).one()
        software = connection.scalars(
            select(ChunkTable.software)
            .where(ChunkTable.job_id == job_id, ChunkTable.software.is_not(None))
            .distinct()
            .order_by(ChunkTable.software)
        )
        session, condition = sitting_of.get(job_id, (None, None))
        values = dict(row._mapping) | {
            "parameters": json.loads(row.parameters),
            "state": row.state.value,
            "software": tuple(software),
            "session": session,
            "condition": condition,
        }
        found.append(SourceJob(**values))
    return sorted(found, key=lambda source: (source.started_at is None, source.started_at, source.media_id))
