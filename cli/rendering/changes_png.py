"""Changes of a person's record as a PNG picture that a paper could print. Matplotlib only.

A dot is a session; nothing joins dots, so that a time without sessions stays empty. Drawn lines are what is told, with
their 95 % intervals; where nothing is told, the mean over all sessions with its interval.
"""

from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import matplotlib.dates as mdates
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from cli.rendering.timeline_table import COLOURS
from core.change.document import WORDING
from core.change.remainder import Shape
from core.change.search import LEAST_SESSIONS, Changes, MeasureChange
from core.documents import NOTICE
from core.people.longitudinal import MEASURES, VALENCE, estimate

_DPI: Final = 200
_COLOURS: Final = COLOURS | {VALENCE: "#333333"}
_MARKERS: Final = ("o", "^", "s", "D", "v", "P")  # conditions are told apart by shape, not by colour alone
_DAY_US: Final = 86_400_000_000
_TOLD: Final = "#111111"
_BASELINE: Final = "#0072b2"


def write_changes_png(found: Changes, out: Path, *, subject_id: str, zone: ZoneInfo) -> None:
    """Draw a panel a measure, with all that a picture which travels alone must say."""
    figure = changes_figure(found, zone=zone)
    figure.suptitle(_title(found, subject_id), x=0.01, ha="left", fontweight="bold", fontsize=11)
    figure.supxlabel(_caption(found), x=0.01, ha="left", fontsize=7.5, color="#444444", wrap=True)
    figure.savefig(out, dpi=_DPI, bbox_inches="tight")


def changes_figure(found: Changes, *, zone: ZoneInfo) -> Figure:
    """Draw a panel a measure."""
    names = found.search.measures
    columns = min(2, len(names))
    rows = -(-len(names) // columns)
    figure = Figure(figsize=(6.2 * columns, 2.4 * rows + 1.3), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(rows, columns, sharex=True, squeeze=False).flatten()
    for panel in panels[len(names) :]:
        panel.set_visible(False)
    for index, name in enumerate(names):
        each = None if found.measures is None else found.measures[index]
        _draw(panels[index], found, name, each)
        if len(found.series) == 1:
            panels[index].set_xlim(found.series.times_us[0] / _DAY_US - 1, found.series.times_us[0] / _DAY_US + 1)
        _draw_dates(panels[index], zone)
    handles, labels = panels[0].get_legend_handles_labels()
    if len(set(found.series.conditions)) > 1:
        figure.legend(handles, labels, loc="upper right", ncols=len(labels), fontsize=8, frameon=False)
    return figure


def _draw(panel: Axes, found: Changes, name: str, each: MeasureChange | None) -> None:
    column = MEASURES.index(name)
    times = found.series.times_us / _DAY_US
    values = found.series.values[:, column]
    conditions = sorted(set(found.series.conditions), key=str)
    for index, condition in enumerate(conditions):
        mine = np.array([of == condition for of in found.series.conditions], dtype=bool)
        panel.plot(
            times[mine],
            values[mine],
            linestyle="none",
            marker=_MARKERS[index % len(_MARKERS)],
            markersize=4,
            markerfacecolor=_COLOURS[name] if index % 2 == 0 else "white",
            markeredgecolor=_COLOURS[name],
            label=condition or "no condition",
            zorder=3,
        )
    if found.baseline is not None:
        of = found.baseline.estimates[name]
        panel.axhline(of.mean, color=_BASELINE, linewidth=1, linestyle="--", zorder=1)
        if of.low is not None and of.high is not None:
            panel.axhspan(of.low, of.high, color=_BASELINE, alpha=0.1, linewidth=0, zorder=0)
    if each is not None:
        _draw_told(panel, found, each)
    said = " — changed" if each is not None and each.is_changed else ""
    panel.set_title(name + said, loc="left", fontsize=9.5, fontweight="bold" if said else "normal")
    panel.set_ylabel("-1 to 1" if name == VALENCE else "probability", fontsize=8)
    panel.margins(y=0.15)
    panel.spines[["top", "right"]].set_visible(False)
    panel.tick_params(labelsize=8)


def _draw_told(panel: Axes, found: Changes, each: MeasureChange) -> None:
    if each.shape is Shape.LINE:
        _draw_line(panel, found, each)
    else:
        _draw_levels(panel, found, each)
    if each.sustained is not None:
        run = each.sustained
        span = (run.from_us / _DAY_US, run.until_us / _DAY_US)
        panel.plot(
            span,
            (0.03, 0.03),
            transform=panel.get_xaxis_transform(),
            color=_BASELINE,
            linewidth=4,
            solid_capstyle="butt",
        )


def _draw_line(panel: Axes, found: Changes, each: MeasureChange) -> None:
    """The trend with the slopes of its interval, turned about its middle."""
    times = found.series.times_us / _DAY_US
    trend, middle = each.trend, float(np.median(times))
    grid = np.linspace(times[0], times[-1], 50)
    centre = np.interp(middle, [times[0], times[-1]], [trend.first_value, trend.last_value])
    low, high = (centre + slope * (grid - middle) / 30 for slope in (trend.low, trend.high))
    panel.fill_between(grid, np.minimum(low, high), np.maximum(low, high), color=_TOLD, alpha=0.15, linewidth=0)
    panel.plot([times[0], times[-1]], [trend.first_value, trend.last_value], color=_TOLD, linewidth=1.6, zorder=2)


def _draw_levels(panel: Axes, found: Changes, each: MeasureChange) -> None:
    """The mean of each level with its interval, and the interval of each date."""
    times = found.series.times_us / _DAY_US
    values = found.series.level_values[:, MEASURES.index(each.measure)]
    dates = [shift.at_us / _DAY_US for shift in each.shifts]
    level_of = np.searchsorted(np.array(dates), times)
    edges = [times[0], *dates, times[-1]]
    for level in range(len(dates) + 1):
        of = estimate(values[level_of == level].tolist())
        span = (edges[level], edges[level + 1])
        style = "-" if each.shifts else ":"
        panel.plot(
            span, (of.mean, of.mean), color=_TOLD, linewidth=1.6 if each.shifts else 1, linestyle=style, zorder=2
        )
        if of.low is not None and of.high is not None:
            panel.fill_between(span, of.low, of.high, color=_TOLD, alpha=0.15, linewidth=0)
    for shift, date in zip(each.shifts, dates, strict=True):
        panel.axvspan(
            shift.not_before_us / _DAY_US,
            shift.not_after_us / _DAY_US,
            color="#d55e00",
            alpha=0.18,
            linewidth=0,
            zorder=0,
        )
        panel.axvline(date, color="#d55e00", linewidth=1.2, zorder=1)


def _draw_dates(panel: Axes, zone: ZoneInfo) -> None:
    locator = mdates.AutoDateLocator(tz=zone, maxticks=7)  # type: ignore[no-untyped-call]
    panel.xaxis.set_major_locator(locator)
    panel.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator, tz=zone))  # type: ignore[no-untyped-call]


def _title(found: Changes, subject_id: str) -> str:
    return f"{subject_id}: expression record, {len(found.series)} sessions"


def _caption(found: Changes) -> str:
    if found.measures is None:
        return f"Insufficient: fewer than {LEAST_SESSIONS} sessions; no change is looked for. {NOTICE}"
    own = " Blue dashes and band: own baseline; blue bar: sessions away from it." if found.baseline else ""
    return (
        "Dots: sessions. Grey: told trend or levels with 95 % intervals (dotted: mean, no change told). Orange: date "
        f"of a level shift with its 95 % interval.{own}\nFalse alarms: {found.false_alarm_rate:.1%} of "
        f"{found.search.num_shuffles} shuffled records, at alpha {found.search.alpha:g} over "
        f"{found.num_questions} questions (Holm).\n{WORDING}\n{NOTICE}"
    )
