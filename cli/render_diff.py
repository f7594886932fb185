"""Differences between generations as a terminal report and as JSON documents. Knows values and text only."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

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


def render_media_diff(found: MediaDiff) -> Group:
    """Lay a media's differences out for a terminal."""
    before, after = found.before, found.after
    title = f"{Path(found.path).name}: from job {before.id} ({before.model_version_id})"
    lines = [Text(f"{title} to {after.id} ({after.model_version_id})", style="bold")]
    if before.parameters != after.parameters:
        lines.append(Text(f"their parameters differ too: {before.parameters} and {after.parameters}", style="yellow"))
    lines += [
        Text(f"job {job.id} is {job.state}: this is not the whole of it", style="yellow")
        for job in (before, after)
        if job.finished_at is None
    ]
    return Group(*lines, *_body(found.diff, {before.media_id: found.path}))


def render_archive_diff(archive: ArchiveDiff) -> Group:
    """Lay an archive's differences out for a terminal."""
    media = f"{archive.num_media} media compared"
    if archive.num_media_without_after:
        media += f", {archive.num_media_without_after} left out that {archive.after_version} has not finished"
    paths = {found.before.media_id: found.path for found in archive.most_changed}
    return Group(
        Text(f"from {archive.before_version} to {archive.after_version}", style="bold"),
        Text(media),
        *_body(archive.diff, paths),
        _media_table(archive.most_changed),
    )


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


def _body(diff: GenerationDiff, paths: dict[str, str]) -> list[Table | Text]:
    parts: list[Table | Text] = [_counts_table(diff)]
    if diff.num_labels_changed:
        parts += [Text("labels, from (rows) to (columns)", style="bold"), _label_table(diff)]
    if diff.most_changed:
        parts += [Text("seconds in which most changed", style="bold"), _second_table(diff, paths)]
    return parts


def _counts_table(diff: GenerationDiff) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(justify="right")
    table.add_column()
    for count, what in (
        (diff.num_frames_matched, "frames are in both"),
        (diff.num_frames_only_before, "frames only before"),
        (diff.num_frames_only_after, "frames only after"),
        (diff.num_faces_matched, "faces are in both"),
        (diff.num_faces_only_before, "faces only before"),
        (diff.num_faces_only_after, "faces only after"),
        (diff.num_named_in_both, "faces got a label from both"),
        (diff.num_labels_changed, f"of these got another label{_share(diff.share_of_labels_changed)}"),
        (diff.num_newly_abstained, "faces got a label before and none after"),
        (diff.num_newly_named, "faces got no label before and one after"),
        (diff.num_abstained_in_both, "faces got no label from either"),
    ):
        table.add_row(str(count), what)
    if diff.mean_abs_prob_difference is not None:
        table.add_row(f"{diff.mean_abs_prob_difference:.4f}", "mean difference of a probability")
    return table


def _share(share: float | None) -> str:
    return "" if share is None else f" ({share:.2%})"


def _label_table(diff: GenerationDiff) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    for emotion in EMOTIONS:
        table.add_column(emotion, justify="right")
    for row, counts in enumerate(diff.labels):
        cells = [
            Text(str(count), style="dim" if column == row or not count else "") for column, count in enumerate(counts)
        ]
        table.add_row(EMOTIONS[row], *cells)
    return table


def _second_table(diff: GenerationDiff, paths: dict[str, str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("from s", "faces", "changed"):
        table.add_column(name, justify="right")
    table.add_column("media")
    for second in diff.most_changed:
        name = Path(paths[second.media_id]).name if second.media_id in paths else second.media_id
        table.add_row(f"{second.start_us / 1e6:g}", str(second.num_matched), str(second.num_changed), name)
    return table


def _media_table(media: tuple[MediaDiff, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", title="media that changed most", title_justify="left")
    table.add_column("media", no_wrap=True)
    table.add_column("file")
    for name in ("faces", "other label", "share", "label to none", "none to label"):
        table.add_column(name, justify="right")
    for found in media:
        diff = found.diff
        table.add_row(
            found.before.media_id,
            Path(found.path).name,
            str(diff.num_faces_matched),
            str(diff.num_labels_changed),
            "" if diff.share_of_labels_changed is None else f"{diff.share_of_labels_changed:.2%}",
            str(diff.num_newly_abstained),
            str(diff.num_newly_named),
        )
    return table
