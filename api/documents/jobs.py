"""A job and how far it is, as JSON: what the API and `moodline status` both tell of one."""

from typing import Any

from db.queue.progress import JobProgress


def progress_document(progress: JobProgress) -> dict[str, Any]:
    """A job and how far it is, without its file and without what went wrong in words that may name the file."""
    job = progress.job
    return {
        "job_id": job.id,
        "media_id": job.media_id,
        "state": job.state.value,
        "is_paused": job.is_paused,
        "queue": job.queue.value,
        "priority": job.priority,
        "model_version": job.model_version_id,
        "num_chunks": job.num_chunks,
        "num_chunks_by_state": {state.value: count for state, count in progress.num_chunks_by_state.items()},
        "num_frames": job.num_frames,
        "num_face_frames": job.num_face_frames,
        "frames_per_second": round(progress.frames_per_second, 2),
        "seconds_left": None if progress.seconds_left is None else round(progress.seconds_left, 1),
        "num_chunks_by_error": progress.num_chunks_by_error,
        "error_code": job.error_code,
        "created_at": job.created_at.isoformat(),
        "finished_at": job.finished_at.isoformat() if job.finished_at else None,
    }
