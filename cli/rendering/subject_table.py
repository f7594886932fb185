"""A subject's record as a terminal table under sparklines. Knows values and text only."""

from rich.console import Group
from rich.table import Table
from rich.text import Text

from cli.rendering.timeline_table import COLOURS, sparkline
from core.documents import NOTICE
from core.emotions import EMOTIONS
from core.people.longitudinal import VALENCE, Estimate, LongitudinalPoint
from core.people.longitudinal_document import changes_of, status_of
from core.people.subject_timeline import SubjectTimeline
from core.wording import counted

_MAX_SPARK_POINTS = 60


def render_subject(found: SubjectTimeline) -> Group:
    """Sparklines, a row a bin that holds something, and what was left out."""
    title = f"{found.subject_id}: what the face appeared to show, by {found.width.text}, {found.zone}"
    if not found.points:
        return Group(Text(title, style="bold"), Text("nothing to show"), *_left_out(found))
    return Group(
        Text(title, style="bold"),
        _sparklines(found),
        _table(found),
        *_baseline(found),
        *_left_out(found),
        Text("Mean over sessions, with half of the 95 % interval where there are two or more.", style="dim"),
        Text(NOTICE, style="dim italic"),
    )


def _sparklines(found: SubjectTimeline) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    size = -(-len(found.points) // _MAX_SPARK_POINTS)
    groups = [found.points[start : start + size] for start in range(0, len(found.points), size)]
    for emotion in EMOTIONS:
        values = [_mean([p.estimates[emotion].mean for p in group if p.estimates]) for group in groups]
        table.add_row(emotion, Text(sparkline(values), style=COLOURS[emotion]))
    return table


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _table(found: SubjectTimeline) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("from")
    for name in ("sessions", "readings", "seen", *EMOTIONS, VALENCE):
        table.add_column(name, justify="right")
    in_a_gap = False
    for point in found.points:
        is_gap = point.num_frames == 0
        if not is_gap:
            table.add_row(*_cells(point, found))
        elif not in_a_gap:
            table.add_row(Text("·  nothing sampled", style="dim"))
        in_a_gap = is_gap
    return table


def _cells(point: LongitudinalPoint, found: SubjectTimeline) -> list[str | Text]:
    start = f"{point.start:%Y-%m-%d %H:%M:%S}" if found.width.clock_us else f"{point.start:%Y-%m-%d}"
    seen = "" if point.coverage is None else f"{point.coverage:.0%}"
    counts: list[str | Text] = [start, str(point.num_sessions), str(point.num_readings), seen]
    if point.estimates is None:
        return [*counts, Text(status_of(point), style="dim")]
    changes = changes_of(point, found.baseline)
    if changes is not None:
        shown = [Text(_signed(changes[name]), style=COLOURS[name]) for name in EMOTIONS]
        return [*counts, *shown, _signed(changes[VALENCE])]
    shares = [Text(_percent(point.estimates[name]), style=COLOURS[name]) for name in EMOTIONS]
    return [*counts, *shares, _signed(point.estimates[VALENCE])]


def _percent(estimate: Estimate) -> str:
    half = "" if estimate.high is None else f" ±{estimate.high - estimate.mean:.0%}"
    return f"{estimate.mean:.0%}{half}"


def _signed(estimate: Estimate) -> str:
    half = "" if estimate.high is None else f" ±{estimate.high - estimate.mean:.2f}"
    return f"{estimate.mean:+.2f}{half}"


def _baseline(found: SubjectTimeline) -> list[Text]:
    if found.baseline is None:
        return []
    of = found.baseline
    said = f"The table shows changes from baseline {of.number}: {of.definition}, {counted(of.num_sessions, 'session')}"
    return [Text(said), Text("of the same person; the lines above are raw.", style="dim")]


def _left_out(found: SubjectTimeline) -> list[Text]:
    reasons = (
        (found.left_out.num_without_time, "it is not known when: `moodline submit FILE --started-at TIME` says it"),
        (found.left_out.num_without_rows, "no rows speak for it: not analysed, or not to the end"),
        (found.left_out.num_shared, "several subjects are in it, and which face is whose was not said"),
        (
            found.left_out.num_not_assigned_again,
            "it was analysed again since tracks were assigned: `moodline tracks assign` says whose the new ones are",
        ),
    )
    return [Text(f"left out: {number} media, {why}", style="yellow") for number, why in reasons if number]
