"""A timeline as a PNG picture. Knows values and matplotlib only."""

from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from cli.rendering.timeline_table import COLOURS
from core.documents import NOTICE
from core.emotions import EMOTIONS
from core.timeline import Timeline

_DPI = 120


def write_timeline_png(timeline: Timeline, out: Path, *, title: str) -> None:
    """Draw one line an emotion over time, broken where nobody was counted, above a strip of coverage."""
    figure = Figure(figsize=(12, 6.2), layout="constrained")
    FigureCanvasAgg(figure)
    moods, coverage = figure.subplots(2, 1, sharex=True, height_ratios=[6, 1])
    edges = _edges(timeline)
    for index, emotion in enumerate(EMOTIONS):
        values = [np.nan if p.probs is None else p.probs[index] for p in timeline.points]
        moods.stairs(values, edges, baseline=None, color=COLOURS[emotion], linewidth=2.2, label=emotion)
    for start, end in _spans_without(timeline, edges):
        moods.axvspan(start, end, color="#f0f0f0", linewidth=0, zorder=0)
    smoothed = ", smoothed" if timeline.smoothed else ""
    moods.set_title(f"{title}: what the faces appear to show{smoothed}", loc="left", fontweight="bold")
    moods.set_ylabel("mean probability")
    moods.set_ylim(-0.02, 1.02)
    moods.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    moods.spines[["top", "right"]].set_visible(False)
    shares = [p.num_face_frames / p.num_frames if p.num_frames else 0 for p in timeline.points]
    coverage.stairs(shares, edges, fill=True, color="#4d4d4d")
    coverage.set_ylim(0, 1)
    coverage.set_yticks([0, 1], ["0", "1"])
    coverage.set_ylabel("frames\nwith a face")
    coverage.set_xlabel("seconds in the video")
    coverage.spines[["top", "right"]].set_visible(False)
    figure.text(
        0.005,
        -0.02,
        f"{NOTICE} Grey: nobody was counted. {timeline.model_version}, {timeline.detector} detector.",
        fontsize=8,
        color="#555555",
    )
    figure.savefig(out, dpi=_DPI, bbox_inches="tight")


def _edges(timeline: Timeline) -> list[float]:
    """Bin borders in seconds, one more than there are points."""
    starts = [point.start_seconds for point in timeline.points]
    width = timeline.bin_us / 1e6 if timeline.bin_us else 1.0
    return [*starts, starts[-1] + width] if starts else [0.0]


def _spans_without(timeline: Timeline, edges: list[float]) -> list[tuple[float, float]]:
    return [(edges[i], edges[i + 1]) for i, point in enumerate(timeline.points) if point.probs is None]
