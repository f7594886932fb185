"""Jobs as they stand: find one, the one whose rows speak for a media, and what went wrong in it. Reads only."""

from typing import Any

from sqlalchemy import Connection, Row, Select, select

from core.errors import InputError
from core.media import ChunkSpan
from db.identity import parse_parameters
from db.records import ChunkProblem, Fault, JobRecord
from db.states import UNFINISHED
from db.tables import ActiveGenerationTable, ChunkTable, JobTable, ModelVersionTable


def get_job(connection: Connection, job_id: str) -> JobRecord:
    """Return the job with this id; it must exist."""
    return job_record(connection.execute(select_jobs().where(JobTable.id == job_id)).one())


def find_job(connection: Connection, reference: str) -> JobRecord:
    """Return the one job whose id starts with `reference`."""
    found = connection.execute(select_jobs().where(JobTable.id.startswith(reference, autoescape=True)).limit(2)).all()
    if not reference or not found:
        raise InputError(f"the store has no job with an id that starts with {reference!r}")
    if len(found) > 1:
        raise InputError(f"more than one job has an id that starts with {reference!r}: give more of it")
    return job_record(found[0])


def list_jobs(connection: Connection) -> list[JobRecord]:
    """Return every job, the newest first."""
    return [
        job_record(row) for row in connection.execute(select_jobs().order_by(JobTable.created_at.desc(), JobTable.id))
    ]


def readable_job(connection: Connection, media_id: str) -> JobRecord | None:
    """Return the job whose rows speak for a media: the active one, else the newest unfinished one, else None."""
    is_active = JobTable.id == ActiveGenerationTable.job_id
    active = connection.execute(
        select_jobs().join(ActiveGenerationTable, is_active).where(ActiveGenerationTable.media_id == media_id)
    ).one_or_none()
    if active is not None:
        return job_record(active)
    unfinished = connection.execute(
        select_jobs()
        .where(JobTable.media_id == media_id, JobTable.state.in_(UNFINISHED))
        .order_by(JobTable.created_at.desc(), JobTable.run_number.desc())
        .limit(1)
    ).one_or_none()
    return None if unfinished is None else job_record(unfinished)


def chunk_problems(connection: Connection, job_id: str) -> list[ChunkProblem]:
    """Return the spans of a job whose rows are missing or incomplete, in order of time."""
    rows = connection.execute(
        select(ChunkTable.__table__)
        .where(ChunkTable.job_id == job_id, ChunkTable.error_code.is_not(None))
        .order_by(ChunkTable.chunk_index)
    )
    return [
        ChunkProblem(span=span_of(row), state=row.state, fault=Fault(code=row.error_code, message=row.error_message))
        for row in rows
    ]


def span_of(chunk: Row[Any]) -> ChunkSpan:
    """Return the span of a row of ChunkTable."""
    return ChunkSpan(
        chunk_index=chunk.chunk_index,
        start_us=chunk.start_us,
        end_us=chunk.end_us,
        first_frame_index=chunk.first_frame_index,
        previous_pts_us=chunk.previous_pts_us,
    )


def select_jobs() -> Select[Any]:
    """Select jobs with their models' names, for job_record()."""
    return select(JobTable.__table__, ModelVersionTable.name.label("model_name")).join(
        ModelVersionTable, ModelVersionTable.id == JobTable.model_version_id
    )


def job_record(row: Row[Any]) -> JobRecord:
    """Return the job in a row of select_jobs()."""
    return JobRecord(**{**row._mapping, "parameters": parse_parameters(row.parameters)})
