"""Differences between generations as a terminal report. Knows values and text only."""

from pathlib import Path

from rich.console import Group
from rich.table import Table
from rich.text import Text

from api.documents.differences import ArchiveDiff, MediaDiff
from core.comparison import GenerationDiff
from core.emotions import EMOTIONS


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
