"""Which chunks' doorbells are to be rung next: a bounded window, by priority, and again where a ring was lost.

Every function runs inside the caller's transaction. Ringing twice, or too often, costs time and never rows.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select, update

from db.clock import database_seconds
from db.ledger import is_free
from db.records import ChunkReference
from db.states import UNFINISHED, JobQueue
from db.tables import ChunkTable, JobTable


def num_ringing(connection: Connection, queue: JobQueue, *, stale_seconds: float) -> int:
    """Return how many chunks of a queue were rung for lately and have not been claimed since."""
    fresh = ChunkTable.published_at_seconds >= database_seconds() - stale_seconds
    rung = and_(ChunkTable.published_at_seconds.is_not(None), fresh, JobTable.queue == queue)
    count = select(func.count()).select_from(ChunkTable).join(JobTable, JobTable.id == ChunkTable.job_id).where(rung)
    return connection.scalar(count) or 0


def due_chunks(connection: Connection, queue: JobQueue, *, limit: int, stale_seconds: float) -> list[ChunkReference]:
    """Return the chunks to ring for next: of the job with the highest priority, then of the oldest, in order of time.

    A chunk is due when nobody holds it, its time has come, and it was not rung for, or `stale_seconds` ago.
    """
    due = _is_due(stale_seconds)
    jobs = connection.scalars(
        select(JobTable.id)
        .where(
            JobTable.finished_at.is_(None),  # of the partial index
            JobTable.state.in_(UNFINISHED),
            JobTable.queue == queue,
            JobTable.is_paused.is_(False),
            exists().where(ChunkTable.job_id == JobTable.id, due),
        )
        .order_by(JobTable.priority.desc(), JobTable.created_at, JobTable.id)
        .limit(limit)
    ).all()
    found: list[ChunkReference] = []
    for job_id in jobs:
        if len(found) == limit:
            break
        rows = connection.scalars(
            select(ChunkTable.chunk_index)
            .where(ChunkTable.job_id == job_id, due)
            .order_by(ChunkTable.chunk_index)
            .limit(limit - len(found))
        )
        found.extend(ChunkReference(job_id=job_id, chunk_index=index) for index in rows)
    return found


def mark_rung(connection: Connection, chunks: Sequence[ChunkReference]) -> None:
    """Note that these chunks are being rung for now."""
    _set_published_at(connection, chunks, database_seconds())


def mark_unrung(connection: Connection, chunks: Sequence[ChunkReference]) -> None:
    """Note that ringing for these chunks failed: they are due at once."""
    _set_published_at(connection, chunks, None)


def _set_published_at(
    connection: Connection, chunks: Sequence[ChunkReference], seconds: ColumnElement[float] | None
) -> None:
    for chunk in chunks:  # a window's worth; one that was claimed meanwhile is left alone
        named = and_(ChunkTable.job_id == chunk.job_id, ChunkTable.chunk_index == chunk.chunk_index)
        connection.execute(update(ChunkTable).where(named, is_free()).values(published_at_seconds=seconds))


def _is_due(stale_seconds: float) -> ColumnElement[bool]:
    never_rung = ChunkTable.published_at_seconds.is_(None)
    ring_is_stale = ChunkTable.published_at_seconds < database_seconds() - stale_seconds
    may_be_tried = or_(ChunkTable.next_try_at_seconds.is_(None), ChunkTable.next_try_at_seconds <= database_seconds())
    return and_(is_free(), may_be_tried, or_(never_rung, ring_is_stale))
