"""Submitting a file: probe it in a child process, plan its chunks, write media, job and chunks in one transaction."""

from dataclasses import dataclass
from pathlib import Path

from core.errors import InputError
from core.media import AnalysisParameters, MediaInfo
from db.records import AnalysisRequest, ModelVersion, Submission
from db.store import Store
from db.submission import submit
from producer.planning import plan_chunks
from video.isolation import probe_isolated
from video.limits import MediaLimits


@dataclass(frozen=True, kw_only=True)
class SubmittedFile:
    """A job, and what the probe found in its file."""

    info: MediaInfo
    submission: Submission


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """What is asked of every file of one call."""

    model_version: ModelVersion
    parameters: AnalysisParameters
    force: bool  # a new generation, even where the same analysis is stored already
    allow_truncated: bool  # analyse what is there of a file whose index promises more


def submit_file(store: Store, path: Path, analysis: Analysis, limits: MediaLimits) -> SubmittedFile:
    """Submit a file. The same file with the same model and parameters again is the same job.

    Raises InputError, before anything is stored, where the file cannot be used.
    """
    info = probe_isolated(path, limits=limits)
    if info.truncated_at_us is not None and not analysis.allow_truncated:
        raise InputError(
            f"{path}: truncated: its index promises more, but its data ends at {info.truncated_at_us / 1e6:.3f} s; "
            "copy it again, or analyse what is there with --allow-truncated"
        )
    request = AnalysisRequest(
        media=info,
        path=str(path.absolute()),
        spans=plan_chunks(info),
        model_version=analysis.model_version,
        parameters=analysis.parameters,
    )
    with store.writing() as connection:
        return SubmittedFile(info=info, submission=submit(connection, request, force=analysis.force))
