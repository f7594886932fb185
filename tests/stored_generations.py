"""Generations for tests: jobs that are submitted and worked off through the ledger, without a video."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy import select

from core.media import AnalysisParameters, ChunkSpan
from core.observations import FrameObservation
from db.jobs import get_job
from db.queue.ledger import claim_next, commit_chunk, fail_chunk
from db.records import AnalysisRequest, Fault, JobRecord
from db.row_tables import FaceTable, FrameTable
from db.store import Store
from db.submission import submit
from tests.factories import make_frame_observation, make_model_version, make_request

Read = Callable[[ChunkSpan], Sequence[FrameObservation]]


def one_face(span: ChunkSpan) -> list[FrameObservation]:
    """Read one happy face at the start of a span."""
    return [make_frame_observation(pts_us=span.start_us, frame_index=span.first_frame_index)]


def request_for(
    name: str = "clip",
    *,
    model: str = "small",
    num_chunks: int = 2,
    activates: bool = True,
    parameters: AnalysisParameters | None = None,
    owner: str = "local",
) -> AnalysisRequest:
    """Return a request to analyse a clip with the model of this name."""
    version = make_model_version(model, checkpoint=model)
    request = make_request(name, num_chunks=num_chunks, model_version=version, parameters=parameters, owner=owner)
    return replace(request, activates=activates)


def submit_generation(store: Store, request: AnalysisRequest, *, force: bool = False) -> JobRecord:
    """Submit a generation and leave it there."""
    with store.writing() as connection:
        return submit(connection, request, force=force).job


def work_off(store: Store, job: JobRecord, read: Read = one_face, *, at_most: int | None = None) -> JobRecord:
    """Commit what `read` finds in a job's chunks, `at_most` so many of them."""
    num_done = 0
    while num_done != at_most:
        with store.writing() as connection:
            claim = claim_next(connection, job.id, lease_owner="test", lease_seconds=60)
            if claim is None:
                break
            commit_chunk(connection, claim, list(read(claim.span)))
        num_done += 1
    with store.reading() as connection:
        return get_job(connection, job.id)


def store_generation(
    store: Store, request: AnalysisRequest, read: Read = one_face, *, force: bool = False
) -> JobRecord:
    """Submit a generation and work it off."""
    return work_off(store, submit_generation(store, request, force=force), read)


def fail_generation(store: Store, job: JobRecord) -> JobRecord:
    """Give up every chunk of a job that is still to do."""
    while True:
        with store.writing() as connection:
            claim = claim_next(connection, job.id, lease_owner="test", lease_seconds=60)
            if claim is None:
                return get_job(connection, job.id)
            fail_chunk(connection, claim, Fault(code="SOURCE_MISSING", message="the file is gone"))


def checksum(store: Store, job_ids: Sequence[str]) -> str:
    """Return a digest of every frame and face row of these jobs, column by column."""
    digest = hashlib.sha256()
    with store.reading() as connection:
        for table in (FrameTable, FaceTable):
            rows = select(table.__table__).where(table.job_id.in_(job_ids)).order_by(table.job_id, table.frame_index)
            if table is FaceTable:
                rows = rows.order_by(FaceTable.face_index)
            for row in connection.execute(rows):
                digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()
