"""A media's timeline as a Praat TextGrid, which ELAN reads too: intervals in which one emotion appeared most.

Two tiers: `appears` names the emotion, and is empty where nothing counted; `seen` says why: read, rejected, no face,
undecodable, not sampled. Written by the format's own description, "TextGrid file formats" in Praat's manual.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TextIO

from core.errors import InputError
from core.timeline import Timeline, TimelinePoint


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A stretch of time with a label; empty: none."""

    start_seconds: float
    end_seconds: float
    label: str


def write_textgrid(timeline: Timeline, file: TextIO) -> None:
    """Write the timeline. Raises InputError for `--bin whole`, and where nothing was sampled."""
    tiers = {"appears": intervals(timeline, [point.top or "" for point in timeline.points])}
    tiers["seen"] = intervals(timeline, [_seen(point) for point in timeline.points])
    start, end = tiers["seen"][0].start_seconds, tiers["seen"][-1].end_seconds
    lines = ['File type = "ooTextFile"', 'Object class = "TextGrid"', "", *_span(start, end), "tiers? <exists>"]
    lines += [f"size = {len(tiers)}", "item []:"]
    for number, (name, found) in enumerate(tiers.items(), start=1):
        lines += [f"    item [{number}]:", '        class = "IntervalTier"', f'        name = "{name}"']
        lines += [f"        {line}" for line in _span(start, end)]
        lines.append(f"        intervals: size = {len(found)}")
        for position, each in enumerate(found, start=1):
            lines.append(f"        intervals [{position}]:")
            lines += [f"            {line}" for line in _span(each.start_seconds, each.end_seconds)]
            lines.append(f'            text = "{each.label}"')
    file.write("\n".join(lines) + "\n")


def intervals(timeline: Timeline, labels: Sequence[str]) -> list[Interval]:
    """Join bins that follow one another with the same label. Raises InputError where there is nothing to join."""
    if timeline.bin_us is None or not timeline.points:
        raise InputError("a TextGrid needs bins and at least one sampled frame: choose another --bin than whole")
    width_us = timeline.bin_us
    found = []
    for label, group in groupby(zip(timeline.points, labels, strict=True), key=lambda pair: pair[1]):
        points = [point for point, _ in group]
        found.append(
            Interval(
                start_seconds=points[0].start_us / 1e6,
                end_seconds=(points[-1].start_us + width_us) / 1e6,
                label=label,
            )
        )
    return found


def _seen(point: TimelinePoint) -> str:
    if point.probs is not None:
        return "read"
    if not point.num_frames:
        return "not sampled"
    if point.num_face_frames:
        return "rejected"
    return "undecodable" if point.num_undecodable_frames == point.num_frames else "no face"


def _span(start_seconds: float, end_seconds: float) -> list[str]:
    return [f"xmin = {start_seconds:.6f}", f"xmax = {end_seconds:.6f}"]
