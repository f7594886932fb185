"""Who is here: the workers that have shown themselves lately, and which of several equals leads. Knows no chunk."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, delete, insert, or_, select, update

from db.clock import database_seconds
from db.insertion import insert_if_absent
from db.records import WorkerRecord
from db.states import JobQueue
from db.tables import LeadershipTable, WorkerTable

#: A worker that has not shown itself for this long is taken to be gone.
ABSENT_SECONDS: Final = 60.0


#: Put together once: dispatchers ask for it all the time.
_SECONDS_AGO: Final = database_seconds() - WorkerTable.seen_at_seconds
_HERE: Final = (
    select(WorkerTable.__table__, _SECONDS_AGO.label("seen_seconds_ago"))
    .where(_SECONDS_AGO < ABSENT_SECONDS)
    .order_by(WorkerTable.id)
)


def show_worker(
    connection: Connection, worker_id: str, *, queues: Sequence[JobQueue], num_slots: int, device: str
) -> None:
    """Say that a worker is here; forget those that have long been silent."""
    seen = {"queues": ",".join(queues), "num_slots": num_slots, "device": device}
    now = database_seconds()
    shown = connection.execute(
        update(WorkerTable).where(WorkerTable.id == worker_id).values(**seen, seen_at_seconds=now)
    )
    if not shown.rowcount:
        insert_if_absent(connection, insert(WorkerTable).values(id=worker_id, **seen, seen_at_seconds=now))
    connection.execute(delete(WorkerTable).where(WorkerTable.seen_at_seconds < now - 10 * ABSENT_SECONDS))


def dismiss_worker(connection: Connection, worker_id: str) -> None:
    """Say that a worker has ended."""
    connection.execute(delete(WorkerTable).where(WorkerTable.id == worker_id))


def list_workers(connection: Connection) -> list[WorkerRecord]:
    """Return the workers that are here, by id."""
    rows = connection.execute(_HERE)
    return [
        WorkerRecord(
            id=row.id,
            queues=tuple(JobQueue(name) for name in row.queues.split(",") if name),
            num_slots=row.num_slots,
            device=row.device,
            seen_seconds_ago=row.seen_seconds_ago,
        )
        for row in rows
    ]


def lead(connection: Connection, name: str, *, holder: str, lease_seconds: float) -> bool:
    """Take or keep the lead in a thing that one process should do at a time. False: another holds it."""
    until = database_seconds() + lease_seconds
    may_take = or_(LeadershipTable.holder == holder, LeadershipTable.until_seconds < database_seconds())
    taken = connection.execute(
        update(LeadershipTable).where(LeadershipTable.name == name, may_take).values(holder=holder, until_seconds=until)
    )
    if taken.rowcount:
        return True
    return insert_if_absent(connection, insert(LeadershipTable).values(name=name, holder=holder, until_seconds=until))


def step_down(connection: Connection, name: str, *, holder: str) -> None:
    """Give up the lead, so that another need not wait for the lease to end."""
    connection.execute(delete(LeadershipTable).where(LeadershipTable.name == name, LeadershipTable.holder == holder))
