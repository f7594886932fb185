"""Who works and what waits: the pool's workers, chunks in hand, the queue at a glance."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from api.own_subjects import require_local
from api.parts import OwnerOf, PartsOf
from api.problems import documented
from db.queue.overview import overview
from db.queue.roster import list_workers
from db.queue.work_in_hand import held_chunks, queue_state

router = APIRouter(prefix="/v1", tags=["pool"])


@router.get("/workers", responses=documented())
def show_workers(parts: PartsOf, owner: OwnerOf) -> dict[str, Any]:
    """List the pool's workers that have shown themselves lately, and every chunk in hand. For local alone."""
    require_local(owner)
    with parts.store.reading() as connection:
        workers, held = list_workers(connection), held_chunks(connection)
    return {
        "workers": [
            {
                "worker_id": worker.id,
                "host": host_of(worker.id),
                "queues": [queue.value for queue in worker.queues],
                "num_slots": worker.num_slots,
                "device": worker.device,
                "seen_seconds_ago": round(worker.seen_seconds_ago, 1),
                "num_chunks_on_host": sum(host_of(chunk.holder) == host_of(worker.id) for chunk in held),
            }
            for worker in workers
        ],
        "chunks_in_hand": [
            asdict(chunk)
            | {
                "host": host_of(chunk.holder),
                "queue": chunk.queue.value,
                "lease_seconds_left": round(chunk.lease_seconds_left, 1),
            }
            for chunk in held
        ],
    }


@router.get("/queue", responses=documented())
def show_queue(parts: PartsOf, _owner: OwnerOf) -> dict[str, Any]:
    """Tell how much waits for all owners together, how long already, how fast rows come, what went wrong by code."""
    with parts.store.reading() as connection:
        seen, state = overview(connection), queue_state(connection)
        num_workers = len(list_workers(connection))
    return {
        "worked_by": parts.settings.worked_by.value,
        "num_workers": num_workers,
        "num_jobs_by_state": {name.value: count for name, count in seen.num_jobs_by_state.items()},
        "num_chunks": {
            queue.value: {name.value: count for name, count in counts.items()}
            for queue, counts in state.num_chunks.items()
        },
        "num_leases_expired": seen.num_leases_expired,
        "oldest_unfinished_seconds": {
            queue.value: round(seconds, 1) for queue, seconds in seen.oldest_unfinished_seconds.items()
        },
        "frames_per_second": round(state.frames_per_second, 2),
        "num_chunks_by_error": state.num_chunks_by_error,
        "num_jobs_by_error": state.num_jobs_by_error,
    }


def host_of(process: str) -> str:
    """Return the machine of host/pid/start."""
    return process.rsplit("/", maxsplit=2)[0]
