"""A subject's record as a PNG picture: a panel a measure, with intervals, gaps and coverage. Matplotlib only."""

from datetime import datetime
from pathlib import Path
from typing import Final

import matplotlib.dates as mdates
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from cli.rendering.timeline_table import COLOURS
from core.documents import NOTICE
from core.people.longitudinal import MEASURES, VALENCE
from core.people.subject_timeline import SubjectTimeline

_DPI: Final = 130
_COLOURS: Final = COLOURS | {VALENCE: "#333333"}


def write_subject_png(found: SubjectTimeline, out: Path) -> None:
    """Draw the record with all that a picture which travels alone must say."""
    figure = subject_figure(found)
    _caption(figure, found)
    figure.savefig(out, dpi=_DPI, bbox_inches="tight")


def subject_figure(found: SubjectTimeline) -> Figure:
    """Draw the seven emotions and valence: bins as dots joined over neighbours only, 95 % intervals as bars."""
    figure = Figure(figsize=(12, 9), layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(5, 2, height_ratios=[3, 3, 3, 3, 1.2])
    first: Axes | None = None
    for index, measure in enumerate(MEASURES):
        panel = figure.add_subplot(grid[index // 2, index % 2], sharex=first)
        first = first or panel
        _draw(panel, found, measure)
        panel.tick_params(labelbottom=False)
    for column in range(2):
        _draw_coverage(figure.add_subplot(grid[4, column], sharex=first), found)
    return figure


def _caption(figure: Figure, found: SubjectTimeline) -> None:
    figure.suptitle(
        f"{found.subject_id}: what the face appeared to show, by {found.width.text}, {found.zone}",
        x=0.01,
        ha="left",
        fontweight="bold",
    )
    versions = ", ".join(found.model_versions)
    own = found.baseline and f" Dashed: own baseline {found.baseline.number}, {found.baseline.definition}."
    figure.text(
        0.01,
        -0.025,
        f"{NOTICE} Dots: means over sessions; bars: 95 % intervals over sessions (none where there is one session). "
        f"Where no dot is, there was too little to say.{own or ''} {versions}",
        fontsize=8,
        color="#555555",
        wrap=True,
    )


def _draw(panel: Axes, found: SubjectTimeline, measure: str) -> None:
    colour = _COLOURS[measure]
    middles = _middles(found)
    estimates = [None if point.estimates is None else point.estimates[measure] for point in found.points]
    means = np.array([np.nan if each is None else each.mean for each in estimates])
    panel.plot(middles, means, color=colour, linewidth=1.2, marker="o", markersize=3.2, zorder=3)
    for x, each in zip(middles, estimates, strict=True):
        if each is not None and each.low is not None and each.high is not None:
            panel.vlines(x, each.low, each.high, color=colour, alpha=0.35, linewidth=2.5)
    if found.baseline is not None:
        panel.axhline(found.baseline.estimates[measure].mean, color=colour, linewidth=1, linestyle="--", zorder=1)
    is_valence = measure == VALENCE
    panel.set_ylim((-1.02, 1.02) if is_valence else (-0.02, 1.02))
    if is_valence:
        panel.axhline(0, color="#bbbbbb", linewidth=0.8, zorder=0)
    panel.set_title(
        f"{measure} (happy less angry, disgust, fear, sad)" if is_valence else measure, loc="left", fontsize=10
    )
    panel.set_ylabel("-1 to 1" if is_valence else "probability", fontsize=8)
    panel.spines[["top", "right"]].set_visible(False)


def _draw_coverage(panel: Axes, found: SubjectTimeline) -> None:
    edges = [*(_days(point.start) for point in found.points), *(_days(point.end) for point in found.points[-1:])]
    if found.points:
        panel.stairs([point.coverage or 0 for point in found.points], edges, fill=True, color="#4d4d4d")
    panel.set_ylim(0, 1)
    panel.set_yticks([0, 1], ["0", "1"])
    panel.set_ylabel("frames\nread", fontsize=8)
    locator = mdates.AutoDateLocator(tz=found.zone, maxticks=8)  # type: ignore[no-untyped-call]
    panel.xaxis.set_major_locator(locator)
    panel.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator, tz=found.zone))  # type: ignore[no-untyped-call]
    panel.spines[["top", "right"]].set_visible(False)


def _middles(found: SubjectTimeline) -> list[float]:
    return [(_days(point.start) + _days(point.end)) / 2 for point in found.points]


def _days(moment: datetime) -> float:
    """Turn a time into what matplotlib counts on its axes: days since 1970."""
    return moment.timestamp() / 86_400
