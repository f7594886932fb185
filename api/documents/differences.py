"""Two generations beside each other, of a media or of a whole archive, and how they differ as JSON documents."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from core.comparison import GenerationDiff
from core.emotions import EMOTIONS
from db.records import JobRecord


@dataclass(frozen=True, kw_only=True)
class MediaDiff:
    """Two generations of one media, and how they differ."""

    path: str
    before: JobRecord
    after: JobRecord
    diff: GenerationDiff


@dataclass(frozen=True, kw_only=True)
class ArchiveDiff:
    """Two model versions, and how their generations differ over all media that both have finished."""

    before_version: str
    after_version: str
    num_media: int  # compared
    num_media_without_after: int  # left out: the second model version has not finished them
    diff: GenerationDiff
    most_changed: tuple[MediaDiff, ...]  # the media with the most changed readings, the most first


def media_document(found: MediaDiff) -> dict[str, Any]:
    """Return a media's differences as a JSON object."""
    return {
        "media_id": found.before.media_id,
        "path": found.path,
        "before_job_id": found.before.id,
        "after_job_id": found.after.id,
        "before_model_version": found.before.model_version_id,
        "after_model_version": found.after.model_version_id,
        "same_parameters": found.before.parameters == found.after.parameters,
        **_diff_document(found.diff),
    }


def archive_document(archive: ArchiveDiff) -> dict[str, Any]:
    """Return an archive's differences as a JSON object: the one without a media_id."""
    return {
        "num_media": archive.num_media,
        "num_media_without_after": archive.num_media_without_after,
        "before_model_version": archive.before_version,
        "after_model_version": archive.after_version,
        **_diff_document(archive.diff),
    }


def _diff_document(diff: GenerationDiff) -> dict[str, Any]:
    return {
        "num_frames_matched": diff.num_frames_matched,
        "num_frames_only_before": diff.num_frames_only_before,
        "num_frames_only_after": diff.num_frames_only_after,
        "num_faces_matched": diff.num_faces_matched,
        "num_faces_only_before": diff.num_faces_only_before,
        "num_faces_only_after": diff.num_faces_only_after,
        "num_named_in_both": diff.num_named_in_both,
        "num_labels_changed": diff.num_labels_changed,
        "share_of_labels_changed": diff.share_of_labels_changed,
        "labels": {
            label: dict(zip(EMOTIONS, counts, strict=True)) for label, counts in zip(EMOTIONS, diff.labels, strict=True)
        },
        "num_abstained_in_both": diff.num_abstained_in_both,
        "num_newly_abstained": diff.num_newly_abstained,
        "num_newly_named": diff.num_newly_named,
        "mean_abs_prob_difference": diff.mean_abs_prob_difference,
        "most_changed": [
            {
                "media_id": second.media_id,
                "start_seconds": second.start_us / 1e6,
                "num_matched": second.num_matched,
                "num_changed": second.num_changed,
            }
            for second in diff.most_changed
        ],
    }


def without_path(document: dict[str, Any]) -> dict[str, Any]:
    """Return a media's document with its file's name in the place of where it lies."""
    return {("name" if key == "path" else key): PurePath(value).name if key == "path" else value
            for key, value in document.items()}  # fmt: skip
