"""What every chunk asks of the ledger, put together once with places for values: that takes longer than running it.

Values by name: of_job, of_chunk, of_fence: which claim is meant; for_owner, for_seconds: whose lease, and how long.
"""

from typing import Final

from sqlalchemy import BindParameter, ColumnElement, Double, Update, and_, bindparam, exists, or_, select, update

from db.clock import database_seconds
from db.states import UNFINISHED, ChunkState, JobState
from db.tables import ChunkTable, JobTable

MAX_ATTEMPTS: Final = 3

_JOB_ID: Final[BindParameter[str]] = bindparam("of_job")
_LEASE_SECONDS: Final[BindParameter[float]] = bindparam("for_seconds", type_=Double())
IS_CHUNK: Final = and_(ChunkTable.job_id == _JOB_ID, ChunkTable.chunk_index == bindparam("of_chunk"))
HELD: Final = and_(IS_CHUNK, ChunkTable.state == ChunkState.LEASED, ChunkTable.fence == bindparam("of_fence"))
_JOB_IS_UNFINISHED: Final = exists().where(JobTable.id == _JOB_ID, JobTable.state.in_(UNFINISHED))
_JOB_GIVES_CLAIMS: Final = exists().where(
    JobTable.id == _JOB_ID, JobTable.state.in_(UNFINISHED), JobTable.is_paused.is_(False)
)


def is_free() -> ColumnElement[bool]:
    """Whether nobody holds a chunk that is still to be done."""
    expired = and_(ChunkTable.state == ChunkState.LEASED, ChunkTable.lease_until_seconds < database_seconds())
    return or_(ChunkTable.state == ChunkState.PENDING, expired)


def _lease_of(wanted: ColumnElement[bool]) -> Update:
    """Put together what leases one chunk. One whose last attempt was lost is not leased again."""
    return (
        update(ChunkTable)
        .where(wanted, ChunkTable.attempt < MAX_ATTEMPTS)
        .values(
            state=ChunkState.LEASED,
            fence=ChunkTable.fence + 1,
            attempt=ChunkTable.attempt + 1,
            lease_owner=bindparam("for_owner"),
            lease_until_seconds=database_seconds() + _LEASE_SECONDS,
            published_at_seconds=None,
            next_try_at_seconds=None,
        )
        .returning(ChunkTable.__table__)
    )


def _first_free_of_job() -> ColumnElement[bool]:
    free = and_(ChunkTable.job_id == _JOB_ID, is_free(), _JOB_GIVES_CLAIMS)
    first = select(ChunkTable.chunk_index).where(free).order_by(ChunkTable.chunk_index).limit(1)
    # SKIP LOCKED (PostgreSQL; SQLite writes nothing for it): two claims at once take two chunks.
    first = first.with_for_update(skip_locked=True).correlate(None)
    return and_(free, ChunkTable.chunk_index == first.scalar_subquery())


LEASE_NEXT: Final = _lease_of(_first_free_of_job())
LEASE_NAMED: Final = _lease_of(and_(IS_CHUNK, is_free(), _JOB_GIVES_CLAIMS))
BEGIN: Final = (
    update(JobTable).where(JobTable.id == _JOB_ID, JobTable.state == JobState.PENDING).values(state=JobState.RUNNING)
)
EXTEND: Final = (
    update(ChunkTable).where(HELD, _JOB_IS_UNFINISHED).values(lease_until_seconds=database_seconds() + _LEASE_SECONDS)
)
CLOSE: Final = (
    update(ChunkTable)
    .where(HELD, _JOB_IS_UNFINISHED)
    .values(
        state=bindparam("to_state"),
        num_frames=bindparam("made_frames"),
        software=bindparam("made_by"),
        finished_at_seconds=database_seconds(),
        lease_owner=None,
        lease_until_seconds=None,
        error_code=bindparam("for_code"),
        error_message=bindparam("for_message"),
    )
)
