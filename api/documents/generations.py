"""Generations, the switch to another and a reprocess as JSON documents: what commands print and the API answers."""

from dataclasses import asdict
from typing import Any

from db.archive.generations import Generation
from db.archive.model_generations import Switch
from producer.reprocess import ReprocessRequest, ReprocessTotals, Skipped


def generation_document(generation: Generation) -> dict[str, Any]:
    """A job as one of its media's generations."""
    job = generation.job
    return {
        "job_id": job.id,
        "media_id": job.media_id,
        "is_active": generation.is_active,
        "model_version": job.model_version_id,
        "state": job.state.value,
        "num_frames": job.num_frames,
        "num_faces": job.num_faces,
        "run_number": job.run_number,
        "parameters": asdict(job.parameters),
        "created_at": job.created_at.isoformat(),
        "finished_at": job.finished_at.isoformat() if job.finished_at else None,
    }


def switch_document(switch: Switch, version: str, *, dry_run: bool) -> dict[str, Any]:
    """What it means, or would mean, to let a model version speak wherever it is finished."""
    return {"model_version": version, "dry_run": dry_run, **asdict(switch)}


def reprocess_document(totals: ReprocessTotals, request: ReprocessRequest, *, dry_run: bool) -> dict[str, Any]:
    """What a reprocess did, or would do."""
    return {
        "model_version": request.model_version.id,
        "dry_run": dry_run,
        "priority": request.priority,
        "num_media": totals.num_media,
        "num_chunks": totals.num_chunks,
        "duration_seconds": totals.duration_us / 1e6,
        "num_skipped": {reason.value: totals.num_skipped[reason] for reason in Skipped},
    }
