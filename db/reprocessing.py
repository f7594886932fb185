"""What a reprocess reads and writes: media with what speaks for them now, and a new job over the chunks of the old one.

Knows no filter and no reason to leave a media out: the producer decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from core.media import AnalysisParameters
from db.archive.generations import lock_media
from db.archive.media import get_media, info_of
from db.identity import parse_parameters
from db.jobs import get_job, span_of
from db.people.subjects import get_subject, media_without_consent
from db.records import AnalysisRequest, ModelVersion, Submission
from db.states import JobQueue, JobState, MediaKind
from db.subject_tables import AppearanceTable
from db.submission import submit
from db.tables import ActiveGenerationTable, ChunkTable, JobTable, MediaTable, ModelVersionTable


@dataclass(frozen=True, kw_only=True)
class ActiveGeneration:
    """The job whose rows speak for a media, as far as a reprocess asks."""

    job_id: str
    owner: str
    model_name: str
    model_version_id: str
    parameters: AnalysisParameters
    num_chunks: int


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A media that may be analysed again."""

    media_id: str
    kind: MediaKind
    path: str
    duration_us: int
    active: ActiveGeneration | None  # None: no job of it is finished
    is_allowed: bool = True  # false: somebody who is in it does not allow it now


@dataclass(frozen=True, kw_only=True)
class RunKey:
    """What makes two jobs of one model version runs of the same request."""

    owner: str
    media_id: str
    parameters: AnalysisParameters


def list_candidates(
    connection: Connection, *, after_media_id: str, limit: int, since: datetime | None, subject_id: str | None = None
) -> list[Candidate]:
    """Return the next media in order of id, `after_media_id` left behind ("": from the first).

    `since`: only what was filmed then or later; where the wall clock is not known, what was first submitted then.
    `subject_id`: only media in which this subject is said to be. Raises InputError where there is no such subject.
    """
    page = (
        select(
            MediaTable.id,
            MediaTable.kind,
            MediaTable.path,
            (MediaTable.end_us - MediaTable.start_us).label("duration_us"),
            JobTable.id.label("job_id"),
            JobTable.owner,
            JobTable.model_version_id,
            JobTable.parameters,
            JobTable.num_chunks,
            ModelVersionTable.name.label("model_name"),
        )
        .outerjoin(ActiveGenerationTable, ActiveGenerationTable.media_id == MediaTable.id)
        .outerjoin(JobTable, JobTable.id == ActiveGenerationTable.job_id)
        .outerjoin(ModelVersionTable, ModelVersionTable.id == JobTable.model_version_id)
        .where(MediaTable.id > after_media_id)
        .order_by(MediaTable.id)
        .limit(limit)
    )
    if since is not None:
        page = page.where(func.coalesce(MediaTable.started_at, MediaTable.created_at) >= since)
    if subject_id is not None:
        theirs = select(AppearanceTable.media_id).where(
            AppearanceTable.subject_key == get_subject(connection, subject_id).key
        )
        page = page.where(MediaTable.id.in_(theirs))
    rows = connection.execute(page).all()
    refused = media_without_consent(connection, [row.id for row in rows])
    return [
        Candidate(
            media_id=row.id,
            kind=row.kind,
            path=row.path,
            duration_us=row.duration_us,
            is_allowed=row.id not in refused,
            active=None
            if row.job_id is None
            else ActiveGeneration(
                job_id=row.job_id,
                owner=row.owner,
                model_name=row.model_name,
                model_version_id=row.model_version_id,
                parameters=parse_parameters(row.parameters),
                num_chunks=row.num_chunks,
            ),
        )
        for row in rows
    ]


def newest_runs(connection: Connection, media_ids: Sequence[str], version: str) -> dict[RunKey, JobState]:
    """Return how the newest run of every request for this model version stands, of these media."""
    rows = connection.execute(
        select(JobTable.owner, JobTable.media_id, JobTable.parameters, JobTable.state)
        .where(JobTable.media_id.in_(media_ids), JobTable.model_version_id == version)
        .order_by(JobTable.run_number)
    )
    return {
        RunKey(owner=row.owner, media_id=row.media_id, parameters=parse_parameters(row.parameters)): row.state
        for row in rows
    }


def submit_again(
    connection: Connection,
    job_id: str,
    *,
    model_version: ModelVersion,
    parameters: AnalysisParameters,
    priority: int,
) -> Submission:
    """Submit a job's media again, cut as it was then, for the pool; readers keep what they read.

    Opens no file: the worker makes sure that it is still the one that was submitted.
    """
    job = get_job(connection, job_id)
    lock_media(connection, job.media_id)  # what is read of it here is written back below
    media = get_media(connection, job.media_id)
    chunks = connection.execute(
        select(ChunkTable.__table__).where(ChunkTable.job_id == job.id).order_by(ChunkTable.chunk_index)
    )
    return submit(
        connection,
        AnalysisRequest(
            media=info_of(media),
            path=media.path,
            modified_ns=media.modified_ns,
            spans=tuple(span_of(chunk) for chunk in chunks),
            model_version=model_version,
            parameters=parameters,
            owner=job.owner,
            queue=JobQueue.ARCHIVE,
            priority=priority,
            activates=False,
        ),
    )
