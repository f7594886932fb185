"""Which chunks' doorbells are to be rung next: a bounded window, by priority, and again where a ring was lost.

Every function runs inside the caller's transaction. Ringing twice, or too often, costs time and never rows.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Update,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)

from db.clock import database_seconds
from db.queue.lease_statements import IS_CHUNK, is_free
from db.records import ChunkReference
from db.states import UNFINISHED, JobQueue
from db.tables import ChunkTable, JobTable


def num_ringing(connection: Connection, queue: JobQueue, *, stale_seconds: float) -> int:
    """Return how many chunks of a queue were rung for lately and have not been claimed since."""
    return connection.scalar(_count_of_ringing(stale_seconds), {"of_queue": queue}) or 0


def due_chunks(connection: Connection, queue: JobQueue, *, limit: int, stale_seconds: float) -> list[ChunkReference]:
    """Return the chunks to ring for next: of the job with the highest priority, then of the oldest, in order of time.

    A chunk is due when nobody holds it, its time has come, and it was not rung for, or `stale_seconds` ago.
    """
    jobs = connection.scalars(_due_jobs(stale_seconds), {"of_queue": queue, "at_most": limit}).all()
    found: list[ChunkReference] = []
    for job_id in jobs:
        if len(found) == limit:
            break
        indices = _due_indices(connection, job_id, limit=limit - len(found), stale_seconds=stale_seconds)
        found.extend(ChunkReference(job_id=job_id, chunk_index=index) for index in indices)
    return found


def _due_indices(connection: Connection, job_id: str, *, limit: int, stale_seconds: float) -> list[int]:
    """Return a job's due chunks in order of time: two questions, since one with an "or" would use neither index."""
    found: list[int] = []
    for question in _due_chunks_of_job(stale_seconds):
        found.extend(connection.scalars(question, {"of_job": job_id, "at_most": limit}))
    return sorted(found)[:limit]


def mark_rung(connection: Connection, chunks: Sequence[ChunkReference]) -> None:
    """Note that these chunks are being rung for now; one that was claimed meanwhile is left alone."""
    _note(connection, _RUNG, chunks)


def mark_unrung(connection: Connection, chunks: Sequence[ChunkReference]) -> None:
    """Note that ringing for these chunks failed: they are due at once."""
    _note(connection, _UNRUNG, chunks)


def _note(connection: Connection, note: Update, chunks: Sequence[ChunkReference]) -> None:
    if chunks:
        connection.execute(note, [{"of_job": chunk.job_id, "of_chunk": chunk.chunk_index} for chunk in chunks])


# What is asked twice a second is put together once.
_IS_FREE_CHUNK: Final = and_(IS_CHUNK, is_free())
_RUNG: Final = update(ChunkTable).where(_IS_FREE_CHUNK).values(published_at_seconds=database_seconds())
_UNRUNG: Final = update(ChunkTable).where(_IS_FREE_CHUNK).values(published_at_seconds=None)
_AT_MOST: Final[BindParameter[int]] = bindparam("at_most", type_=Integer())


@cache
def _count_of_ringing(stale_seconds: float) -> Select[Any]:
    fresh = ChunkTable.published_at_seconds >= database_seconds() - stale_seconds
    rung = and_(ChunkTable.published_at_seconds.is_not(None), fresh, JobTable.queue == bindparam("of_queue"))
    return select(func.count()).select_from(ChunkTable).join(JobTable, JobTable.id == ChunkTable.job_id).where(rung)


@cache
def _due_jobs(stale_seconds: float) -> Select[Any]:
    has_waiting = exists().where(ChunkTable.job_id == JobTable.id, _waits(stale_seconds))
    has_expired = JobTable.id.in_(select(ChunkTable.job_id).where(_is_expired(stale_seconds)))
    return (
        select(JobTable.id)
        .where(
            JobTable.finished_at.is_(None),  # of the partial index
            JobTable.state.in_(UNFINISHED),
            JobTable.queue == bindparam("of_queue"),
            JobTable.is_paused.is_(False),
            or_(has_waiting, has_expired),
        )
        .order_by(JobTable.priority.desc(), JobTable.created_at, JobTable.id)
        .limit(_AT_MOST)
    )


@cache
def _due_chunks_of_job(stale_seconds: float) -> tuple[Select[Any], ...]:
    return tuple(
        select(ChunkTable.chunk_index)
        .where(ChunkTable.job_id == bindparam("of_job"), is_due)
        .order_by(ChunkTable.chunk_index)
        .limit(_AT_MOST)
        for is_due in (_waits(stale_seconds), _is_expired(stale_seconds))
    )


def _waits(stale_seconds: float) -> ColumnElement[bool]:
    """Nobody works on it, and it is to be rung for. The literal lets SQLite see that the partial index will do."""
    return and_(ChunkTable.state == literal_column("'pending'"), _is_to_be_rung(stale_seconds))


def _is_expired(stale_seconds: float) -> ColumnElement[bool]:
    """Whoever held it is silent, and it is to be rung for."""
    is_silent = ChunkTable.lease_until_seconds < database_seconds()
    return and_(ChunkTable.lease_until_seconds.is_not(None), is_silent, _is_to_be_rung(stale_seconds))


def _is_to_be_rung(stale_seconds: float) -> ColumnElement[bool]:
    never_rung = ChunkTable.published_at_seconds.is_(None)
    ring_is_stale = ChunkTable.published_at_seconds < database_seconds() - stale_seconds
    may_be_tried = or_(ChunkTable.next_try_at_seconds.is_(None), ChunkTable.next_try_at_seconds <= database_seconds())
    return and_(may_be_tried, or_(never_rung, ring_is_stale))
