"""The ledger: who works on which chunk, and the one transaction in which its rows become true.

Any number of workers may die, repeat or wake up late: a chunk's rows are written once, by the newest claim.
Every function runs inside the caller's transaction (db.store.Store.writing).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Update, and_, bindparam, exists, func, select, update

from core.errors import MoodlineError
from core.frames import FrameStatus
from core.observations import FrameObservation
from db.clock import database_seconds
from db.jobs import span_of
from db.observations import insert_frames
from db.queue.completion import Progress, advance
from db.queue.lease_statements import (
    BEGIN,
    CLOSE,
    EXTEND,
    HELD,
    IS_CHUNK,
    LEASE_NAMED,
    LEASE_NEXT,
    MAX_ATTEMPTS,
    is_free,
)
from db.records import ChunkReference, Claim, Fault
from db.states import ChunkState, JobState
from db.tables import ChunkTable
from db.timelines.rollups import insert_rollup

WORKER_CRASHED: Final = "WORKER_CRASHED"

#: As the partial index has it: of all chunks, only those in somebody's hands are looked at.
_IS_LEASED: Final = ChunkTable.lease_until_seconds.is_not(None)


class Fenced(MoodlineError):
    """This chunk now belongs to another worker, or its job was cancelled: nothing of this attempt was stored."""


def claim_next(connection: Connection, job_id: str, *, lease_owner: str, lease_seconds: float) -> Claim | None:
    """Lease the first chunk of a job that nobody holds.

    None: all are done, failed or held, or the job is paused or over.
    """
    _give_up_crashed(connection, ChunkTable.job_id == job_id)
    values = {"of_job": job_id, "for_owner": lease_owner, "for_seconds": lease_seconds}
    return _lease(connection, LEASE_NEXT, values)


def claim_chunk(
    connection: Connection, chunk: ChunkReference, *, lease_owner: str, lease_seconds: float
) -> Claim | None:
    """Lease the chunk that a doorbell means. None: somebody holds or held it, or its job is paused, over or unknown."""
    values = {
        "of_job": chunk.job_id,
        "of_chunk": chunk.chunk_index,
        "for_owner": lease_owner,
        "for_seconds": lease_seconds,
    }
    claim = _lease(connection, LEASE_NAMED, values)
    if claim is None:
        _give_up_crashed(connection, _is_chunk(chunk.job_id, chunk.chunk_index))
    return claim


def heartbeat(connection: Connection, claim: Claim, *, lease_seconds: float) -> bool:
    """Extend the lease. False: it was lost or the job is over, stop at the next frame."""
    return connection.execute(EXTEND, {**_of(claim), "for_seconds": lease_seconds}).rowcount == 1


def commit_chunk(
    connection: Connection,
    claim: Claim,
    frames: Sequence[FrameObservation],
    *,
    fault: Fault | None = None,
    software: str | None = None,
) -> None:
    """Store a chunk's rows, count them, and complete the job with its last chunk. Raise Fenced if the claim was lost.

    Committing again after an answer that got lost is fine. A `fault` says why some frames are missing, `software` what
    made them.
    """
    made = _Made(num_frames=len(frames), software=software)
    if not _close(connection, claim, ChunkState.DONE, fault=fault, made=made):
        return
    insert_frames(connection, claim, frames)
    insert_rollup(connection, claim.job_id, frames)
    progress = Progress(
        num_chunks_done=1,
        num_frames=len(frames),
        num_face_frames=sum(frame.status is FrameStatus.FACE for frame in frames),
        num_faces=sum(len(frame.faces) for frame in frames),
    )
    # On PostgreSQL a cancel may have come after `_close` looked: nothing is stored of a job that was given up.
    if advance(connection, claim.job_id, progress) is JobState.CANCELLED:
        raise Fenced(f"job {claim.job_id} was cancelled while chunk {claim.span.chunk_index} was committed")


def fail_chunk(connection: Connection, claim: Claim, fault: Fault) -> None:
    """Give a chunk up for good: trying again would fail again. Raise Fenced if the claim was lost."""
    if _close(connection, claim, ChunkState.FAILED, fault=fault, made=_Made(num_frames=0, software=None)):
        advance(connection, claim.job_id, Progress(num_chunks_failed=1))


def release(connection: Connection, claim: Claim, *, delay_seconds: float = 0.0) -> bool:
    """Put a chunk back untried: the run stops, or this worker cannot do it now. False: the claim was lost already.

    With a delay no doorbell rings for it before that has passed.
    """
    return _put_back(connection, claim, attempt=claim.attempt - 1, delay_seconds=delay_seconds)


def return_crashed(connection: Connection, claim: Claim) -> bool:
    """Put a chunk back whose analysis died; the third time it is given up. False: the claim was lost already."""
    returned = _put_back(connection, claim, attempt=claim.attempt, delay_seconds=0.0)
    _give_up_crashed(connection, _is_chunk(claim.job_id, claim.span.chunk_index))
    return returned


def lease_owners(connection: Connection) -> list[str]:
    """Return who holds chunks now, of any job, living or dead."""
    owners = connection.scalars(select(ChunkTable.lease_owner).where(_IS_LEASED).distinct())
    return [owner for owner in owners if owner is not None]


def release_dead_leases(connection: Connection, is_alive: Callable[[str], bool]) -> int:
    """Put back the chunks, of any job, whose lease owner is dead, before the lease ends. Return how many.

    The attempt does not count: the owner opens no media, so it was killed from outside. A media that kills the process
    which opens it is noticed by its owner (`return_crashed`). `is_alive` judges a lease_owner.
    """
    dead = [owner for owner in lease_owners(connection) if not is_alive(owner)]
    if not dead:
        return 0
    released = connection.execute(
        update(ChunkTable)
        .where(_IS_LEASED, ChunkTable.lease_owner.in_(dead))
        .values(state=ChunkState.PENDING, attempt=ChunkTable.attempt - 1, lease_owner=None, lease_until_seconds=None)
    )
    return released.rowcount


def give_up_lost(connection: Connection) -> int:
    """Give up the chunks, of any job, whose third lease has ended without a word. Return how many."""
    return _give_up_crashed(connection, _IS_LEASED)


def _give_up_crashed(connection: Connection, wanted: ColumnElement[bool]) -> int:
    """Give up those of the wanted chunks that are free and whose last attempt was lost. Return how many."""
    crashed = and_(wanted, is_free(), ChunkTable.attempt >= MAX_ATTEMPTS)
    num_by_job = connection.execute(
        select(ChunkTable.job_id, func.count()).where(crashed).group_by(ChunkTable.job_id).order_by(ChunkTable.job_id)
    ).all()
    num_given_up = 0
    for job_id, _ in num_by_job:
        failed = connection.execute(
            update(ChunkTable)
            .where(crashed, ChunkTable.job_id == job_id)
            .values(
                state=ChunkState.FAILED,
                lease_owner=None,
                lease_until_seconds=None,
                published_at_seconds=None,
                finished_at_seconds=database_seconds(),
                error_code=WORKER_CRASHED,
                error_message=f"{MAX_ATTEMPTS} workers died or stopped answering while they worked on this span",
            )
        ).rowcount
        if failed:
            advance(connection, job_id, Progress(num_chunks_failed=failed))
        num_given_up += failed
    return num_given_up


def _lease(connection: Connection, lease: Update, values: dict[str, Any]) -> Claim | None:
    row = connection.execute(lease, values).one_or_none()
    if row is None:
        return None
    connection.execute(BEGIN, {"of_job": row.job_id})
    return Claim(
        job_id=row.job_id, span=span_of(row), fragment_key=row.fragment_key, fence=row.fence, attempt=row.attempt
    )


def _put_back(connection: Connection, claim: Claim, *, attempt: int, delay_seconds: float) -> bool:
    put_back = (
        update(ChunkTable)
        .where(HELD)
        .values(
            state=ChunkState.PENDING,
            attempt=attempt,
            lease_owner=None,
            lease_until_seconds=None,
            next_try_at_seconds=database_seconds() + delay_seconds if delay_seconds else None,
        )
    )
    return connection.execute(put_back, _of(claim)).rowcount == 1


@dataclass(frozen=True, kw_only=True)
class _Made:
    """What came of a chunk."""

    num_frames: int
    software: str | None


def _close(connection: Connection, claim: Claim, state: ChunkState, *, fault: Fault | None, made: _Made) -> bool:
    """End a lease in this state. False: this very claim did so before. Raise Fenced if it is not the claim's to end."""
    values = {
        "to_state": state,
        "made_frames": made.num_frames,
        "made_by": made.software,
        "for_code": fault.code if fault else None,
        "for_message": fault.message if fault else None,
    }
    if connection.execute(CLOSE, {**_of(claim), **values}).rowcount == 1:
        return True
    closed_before = select(
        exists().where(IS_CHUNK, ChunkTable.state == state, ChunkTable.fence == bindparam("of_fence"))
    )
    if connection.scalar(closed_before, _of(claim)):
        return False
    raise Fenced(f"chunk {claim.span.chunk_index} of job {claim.job_id} is no longer held with fence {claim.fence}")


def _is_chunk(job_id: str, chunk_index: int) -> ColumnElement[bool]:
    return and_(ChunkTable.job_id == job_id, ChunkTable.chunk_index == chunk_index)


def _of(claim: Claim) -> dict[str, Any]:
    """Name a claim to the statements."""
    return {"of_job": claim.job_id, "of_chunk": claim.span.chunk_index, "of_fence": claim.fence}
