"""The bench's costs as bars, a panel a clip, each on an axis of its own that begins at zero."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

OURS, PEER = "#0072b2", "#999999"


def draw(document: Mapping[str, Any], out: Path) -> None:
    """Draw what `benchmarks.bench` measured."""
    clips = document["clips"]
    names = list(clips[0]["costs"])
    figure = Figure(figsize=(9, 0.6 + 0.38 * len(names) * len(clips)), layout="constrained")
    for panel, clip in zip(figure.subplots(len(clips), 1, squeeze=False)[:, 0], clips, strict=True):
        costs = [clip["costs"][name] for name in names]
        medians = [cost["cpu_ms"] for cost in costs]
        spreads = [
            [cost["cpu_ms"] - cost["least_cpu_ms"] for cost in costs],
            [cost["most_cpu_ms"] - cost["cpu_ms"] for cost in costs],
        ]
        panel.barh(
            names,
            medians,
            xerr=spreads,
            color=[OURS if name.startswith("Moodline") else PEER for name in names],
            error_kw={"elinewidth": 1, "ecolor": "#333333"},
        )
        for row, cost in enumerate(costs):
            panel.text(
                cost["most_cpu_ms"] + max(medians) * 0.015, row, f"{cost['times_decode']:.1f}x", va="center", fontsize=8
            )
        panel.set_xlim(0, max(cost["most_cpu_ms"] for cost in costs) * 1.12)
        panel.invert_yaxis()
        panel.set_title(f"{clip['clip']}, {clip['width_px']}x{clip['height_px']}", loc="left", fontsize=10)
        panel.spines[["top", "right"]].set_visible(False)
    panel.set_xlabel("CPU ms a frame, one thread; median and range; beside it, times the cost of decoding")
    figure.savefig(out, dpi=130)
