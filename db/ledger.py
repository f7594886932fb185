"""The ledger: who works on which chunk, and the one transaction in which its rows become true.

Any number of workers may die, repeat or wake up late: a chunk's rows are written once, by the newest claim.
Every function runs inside the caller's transaction (db.store.Store.writing).
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select, update

from core.errors import MoodlineError
from core.frames import FrameStatus
from core.observations import FrameObservation
from db.clock import database_seconds
from db.completion import Progress, advance
from db.jobs import span_of
from db.observations import insert_frames
from db.records import Claim, Fault
from db.states import UNFINISHED, ChunkState, JobState
from db.tables import ChunkTable, JobTable

MAX_ATTEMPTS: Final = 3
WORKER_CRASHED: Final = "WORKER_CRASHED"


class Fenced(MoodlineError):
    """This chunk now belongs to another worker, or its job was cancelled: nothing of this attempt was stored."""


def claim(connection: Connection, job_id: str, *, lease_owner: str, lease_seconds: float) -> Claim | None:
    """Lease the first chunk of a job that nobody holds. None: all are done, failed or held, or the job is over."""
    _fail_crashed(connection, job_id)
    free = and_(ChunkTable.job_id == job_id, _is_free(), _job_is_unfinished(job_id))
    # SKIP LOCKED (PostgreSQL; SQLite writes nothing for it): two claims at once take two chunks.
    first = select(ChunkTable.chunk_index).where(free).order_by(ChunkTable.chunk_index).limit(1)
    first = first.with_for_update(skip_locked=True)
    row = connection.execute(
        update(ChunkTable)
        .where(free, ChunkTable.chunk_index == first.correlate(None).scalar_subquery())
        .values(
            state=ChunkState.LEASED,
            fence=ChunkTable.fence + 1,
            attempt=ChunkTable.attempt + 1,
            lease_owner=lease_owner,
            lease_until_seconds=database_seconds() + lease_seconds,
        )
        .returning(ChunkTable.__table__)
    ).one_or_none()
    if row is None:
        return None
    connection.execute(
        update(JobTable).where(JobTable.id == job_id, JobTable.state == JobState.PENDING).values(state=JobState.RUNNING)
    )
    return Claim(job_id=job_id, span=span_of(row), fence=row.fence, attempt=row.attempt)


def heartbeat(connection: Connection, claim: Claim, *, lease_seconds: float) -> bool:
    """Extend the lease. False: it was lost or the job is over, stop at the next frame."""
    extended = connection.execute(
        update(ChunkTable)
        .where(_held(claim), _job_is_unfinished(claim.job_id))
        .values(lease_until_seconds=database_seconds() + lease_seconds)
    )
    return extended.rowcount == 1


def commit_chunk(
    connection: Connection, claim: Claim, frames: Sequence[FrameObservation], *, fault: Fault | None = None
) -> None:
    """Store a chunk's rows, count them, and complete the job with its last chunk. Raise Fenced if the claim was lost.

    Committing again after an answer that got lost is fine. A `fault` says why some frames are missing.
    """
    if not _close(connection, claim, ChunkState.DONE, fault=fault, num_frames=len(frames)):
        return
    insert_frames(connection, claim, frames)
    progress = Progress(
        num_chunks_done=1,
        num_frames=len(frames),
        num_face_frames=sum(frame.status is FrameStatus.FACE for frame in frames),
        num_faces=sum(len(frame.faces) for frame in frames),
    )
    advance(connection, claim.job_id, progress)


def fail_chunk(connection: Connection, claim: Claim, fault: Fault) -> None:
    """Give a chunk up for good: trying again would fail again. Raise Fenced if the claim was lost."""
    if _close(connection, claim, ChunkState.FAILED, fault=fault, num_frames=0):
        advance(connection, claim.job_id, Progress(num_chunks_failed=1))


def release(connection: Connection, claim: Claim) -> bool:
    """Put a chunk back untried, because the user stops the run. False: the claim was lost already."""
    return _put_back(connection, claim, attempt=claim.attempt - 1)


def return_crashed(connection: Connection, claim: Claim) -> bool:
    """Put a chunk back whose analysis died; the third time it is given up. False: the claim was lost already."""
    returned = _put_back(connection, claim, attempt=claim.attempt)
    _fail_crashed(connection, claim.job_id)
    return returned


def release_dead_leases(connection: Connection, job_id: str, is_alive: Callable[[str], bool]) -> int:
    """Put back the chunks whose lease owner is dead, without waiting for the lease. Return how many.

    The attempt does not count: the owner opens no media, so it was killed from outside. A media that kills the process
    which opens it is noticed by its owner (`return_crashed`). `is_alive` judges a lease_owner.
    """
    leased = and_(ChunkTable.job_id == job_id, ChunkTable.state == ChunkState.LEASED)
    owners = connection.scalars(select(ChunkTable.lease_owner).where(leased).distinct()).all()
    dead = [owner for owner in owners if owner is not None and not is_alive(owner)]
    if not dead:
        return 0
    released = connection.execute(
        update(ChunkTable)
        .where(leased, ChunkTable.lease_owner.in_(dead))
        .values(state=ChunkState.PENDING, attempt=ChunkTable.attempt - 1, lease_owner=None, lease_until_seconds=None)
    )
    return released.rowcount


def cancel(connection: Connection, job_id: str) -> bool:
    """Give a job up; workers notice at the next heartbeat or commit. False: it was over already."""
    cancelled = connection.execute(
        update(JobTable)
        .where(JobTable.id == job_id, JobTable.state.in_(UNFINISHED))
        .values(state=JobState.CANCELLED, finished_at=datetime.now(UTC))
    )
    return cancelled.rowcount == 1


def _put_back(connection: Connection, claim: Claim, *, attempt: int) -> bool:
    returned = connection.execute(
        update(ChunkTable)
        .where(_held(claim))
        .values(state=ChunkState.PENDING, attempt=attempt, lease_owner=None, lease_until_seconds=None)
    )
    return returned.rowcount == 1


def _close(connection: Connection, claim: Claim, state: ChunkState, *, fault: Fault | None, num_frames: int) -> bool:
    """End a lease in this state. False: this very claim did so before. Raise Fenced if it is not the claim's to end."""
    closed = connection.execute(
        update(ChunkTable)
        .where(_held(claim), _job_is_unfinished(claim.job_id))
        .values(
            state=state,
            num_frames=num_frames,
            lease_owner=None,
            lease_until_seconds=None,
            error_code=fault.code if fault else None,
            error_message=fault.message if fault else None,
        )
    )
    if closed.rowcount == 1:
        return True
    closed_before = exists().where(_is_chunk(claim), ChunkTable.state == state, ChunkTable.fence == claim.fence)
    if connection.scalar(select(closed_before)):
        return False
    raise Fenced(f"chunk {claim.span.chunk_index} of job {claim.job_id} is no longer held with fence {claim.fence}")


def _fail_crashed(connection: Connection, job_id: str) -> None:
    """Give up the free chunks whose last attempt was lost."""
    crashed = connection.execute(
        update(ChunkTable)
        .where(ChunkTable.job_id == job_id, _is_free(), ChunkTable.attempt >= MAX_ATTEMPTS)
        .values(
            state=ChunkState.FAILED,
            lease_owner=None,
            lease_until_seconds=None,
            error_code=WORKER_CRASHED,
            error_message=f"{MAX_ATTEMPTS} workers died or stopped answering while they worked on this span",
        )
    )
    if crashed.rowcount:
        advance(connection, job_id, Progress(num_chunks_failed=crashed.rowcount))


def _is_free() -> ColumnElement[bool]:
    expired = and_(ChunkTable.state == ChunkState.LEASED, ChunkTable.lease_until_seconds < database_seconds())
    return or_(ChunkTable.state == ChunkState.PENDING, expired)


def _is_chunk(claim: Claim) -> ColumnElement[bool]:
    return and_(ChunkTable.job_id == claim.job_id, ChunkTable.chunk_index == claim.span.chunk_index)


def _held(claim: Claim) -> ColumnElement[bool]:
    return and_(_is_chunk(claim), ChunkTable.state == ChunkState.LEASED, ChunkTable.fence == claim.fence)


def _job_is_unfinished(job_id: str) -> ColumnElement[bool]:
    return exists().where(JobTable.id == job_id, JobTable.state.in_(UNFINISHED))
