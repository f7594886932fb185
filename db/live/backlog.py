"""What of a camera waits for a worker, and the giving up of the oldest where that is too much.

Every function runs inside the caller's transaction.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, select, update

from db.clock import database_seconds
from db.queue.completion import Progress, advance
from db.states import UNFINISHED, ChunkState, MediaKind
from db.tables import ChunkTable, JobTable, MediaTable

_WAITING_COLUMNS: Final[tuple[Any, ...]] = (
    ChunkTable.job_id,
    ChunkTable.chunk_index,
    ChunkTable.start_us,
    ChunkTable.end_us,
    ChunkTable.fragment_key,
    ChunkTable.num_source_frames,
    MediaTable.started_at,
)


class DropCode(StrEnum):
    """Why pictures of a camera were dropped before anybody looked at them: the error code of their chunk."""

    LAGGED = "LAGGED"  # the workers could not keep up
    BROKER_AWAY = "BROKER_AWAY"  # Redis did not answer
    BROKER_REFUSED = "BROKER_REFUSED"  # Redis had no memory for them, or does not let us write
    WATCHER_BEHIND = "WATCHER_BEHIND"  # the watcher could not hand them on: store or Redis was away or slow


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """What waits of a camera, and what was given up just now."""

    num_waiting_frames: int
    oldest_waiting_at: datetime | None  # aware wall clock of the last picture of the oldest chunk; None: nothing waits
    num_dropped_frames: int
    dropped_fragment_keys: tuple[str, ...]


def drop_oldest(connection: Connection, camera: str, *, max_waiting_seconds: float) -> Backlog:
    """Give up a camera's oldest whole chunks that wait, in any of its stretches, until no more seconds than that wait.

    The newest chunk stays, however long it is.
    """
    kept: list[Row[Any]] = []
    dropped: list[Row[Any]] = []
    waiting_us = 0
    for chunk in connection.execute(_waiting_newest_first(camera)):
        waiting_us += chunk.end_us - chunk.start_us
        if not kept or waiting_us <= max_waiting_seconds * 1e6:
            kept.append(chunk)
        elif _give_up(connection, chunk):
            dropped.append(chunk)
    for job_id, num_chunks in sorted(Counter(chunk.job_id for chunk in dropped).items()):
        advance(connection, job_id, Progress(num_chunks_failed=num_chunks))
    return Backlog(
        num_waiting_frames=sum(chunk.num_source_frames for chunk in kept),
        oldest_waiting_at=kept[-1].started_at + timedelta(microseconds=kept[-1].end_us) if kept else None,
        num_dropped_frames=sum(chunk.num_source_frames for chunk in dropped),
        dropped_fragment_keys=tuple(chunk.fragment_key for chunk in dropped),
    )


def _waiting_newest_first(camera: str) -> Select[Any]:
    return (
        select(*_WAITING_COLUMNS)
        .join(JobTable, JobTable.id == ChunkTable.job_id)
        .join(MediaTable, MediaTable.id == JobTable.media_id)
        .where(
            JobTable.finished_at.is_(None),  # of the partial index
            JobTable.state.in_(UNFINISHED),
            MediaTable.kind == MediaKind.CAMERA,
            MediaTable.path == camera,
            ChunkTable.state == ChunkState.PENDING,
            ChunkTable.fragment_key.is_not(None),
        )
        .order_by(MediaTable.started_at.desc(), ChunkTable.chunk_index.desc())
    )


def _give_up(connection: Connection, chunk: Row[Any]) -> bool:
    given_up = connection.execute(
        update(ChunkTable)
        .where(
            ChunkTable.job_id == chunk.job_id,
            ChunkTable.chunk_index == chunk.chunk_index,
            ChunkTable.state == ChunkState.PENDING,  # a worker may have been quicker
        )
        .values(
            state=ChunkState.FAILED,
            published_at_seconds=None,
            finished_at_seconds=database_seconds(),
            error_code=DropCode.LAGGED.value,
            error_message="dropped unseen, because the workers could not keep up with the camera",
        )
    )
    return given_up.rowcount == 1
