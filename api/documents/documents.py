"""What the API answers about media, jobs and subjects, as JSON. No document names a place on the server's disk."""

from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

from api.documents.jobs import progress_document
from api.files.uploads import Upload
from core.documents import NOTICE
from core.people.subjects import Subject
from db.archive.owned import LOCAL_OWNER
from db.queue.progress import JobProgress
from db.records import JobRecord, MediaSummary
from db.states import MediaKind
from db.timelines.analysed import Analysed


def media_document(summary: MediaSummary, upload: Upload | None, *, owner: str) -> dict[str, Any]:
    """A media that an owner has a job of."""
    found, job = summary.media, summary.job
    return {
        "media_id": found.id,
        "kind": found.kind.value,
        "name": _name_of(summary, upload, owner),
        "sha256": found.sha256 if found.kind is MediaKind.FILE else None,
        "size_bytes": found.size_bytes,
        "duration_seconds": found.duration_seconds,
        "width_px": found.width_px,
        "height_px": found.height_px,
        "codec_name": found.codec_name,
        "timestamps_estimated": found.timestamps_estimated,
        "started_at": found.started_at.isoformat() if found.started_at else None,
        "num_jobs": summary.num_jobs,
        "job_id": job.id if job else None,
        "state": job.state.value if job else None,
        "model_version": job.model_version_id if job else None,
        "num_frames": job.num_frames if job else 0,
        "num_face_frames": job.num_face_frames if job else 0,
        "notice": NOTICE,
    }


def upload_document(upload: Upload) -> dict[str, Any]:
    """A media that was uploaded, and of which no job was asked yet."""
    return {
        "media_id": upload.media_id,
        "kind": MediaKind.FILE.value,
        "name": upload.name,
        "sha256": upload.sha256,
        "size_bytes": upload.size_bytes,
        "duration_seconds": upload.duration_seconds,
        "width_px": upload.width_px,
        "height_px": upload.height_px,
        "codec_name": upload.codec_name,
        "num_jobs": 0,
        "job_id": None,
        "state": None,
        "notice": NOTICE,
    }


def job_document(progress: JobProgress) -> dict[str, Any]:
    """A job and how far it is."""
    job = progress.job
    message = job.error_message.replace(progress.path, "the file") if job.error_message else None
    return {
        **progress_document(progress),
        "sample_rate_hz": job.parameters.sample_rate_hz,
        "error_message": message,
    }


def analysed_document(job: JobRecord, there: Analysed) -> dict[str, Any]:
    """How much of a job there is to read. What is not analysed yet is no gap of the video."""
    return {
        "state": job.state.value,
        "is_partial": there.is_partial,
        "analysed_until_seconds": None if there.until_us is None else there.until_us / 1e6,
        "not_yet": [{"from_seconds": begin / 1e6, "until_seconds": end / 1e6} for begin, end in there.to_do],
    }


def subject_document(subject: Subject) -> dict[str, Any]:
    """A subject and what allows it."""
    consent = subject.consent_at(datetime.now(UTC))
    return {
        "subject_id": subject.id,
        "study_id": subject.study_id,
        "group": subject.group,
        "consent": None
        if consent is None
        else {
            "basis": consent.basis,
            "scope": consent.scope,
            "version": consent.version,
            "given_at": consent.given_at.isoformat(),
            "until_at": consent.until_at.isoformat() if consent.until_at else None,
        },
        "notice": NOTICE,
    }


def _name_of(summary: MediaSummary, upload: Upload | None, owner: str) -> str | None:
    """Who uploaded the same bytes elsewhere may have called them something that is nobody else's business."""
    if upload is not None:
        return upload.name
    return PurePath(summary.media.path).name if owner == LOCAL_OWNER else None
