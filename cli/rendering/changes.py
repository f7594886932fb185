"""What changed in a person's record, as terminal tables. Knows values and text only."""

from zoneinfo import ZoneInfo

from rich.console import Group
from rich.table import Table
from rich.text import Text

from core.calendar_bins import as_datetime
from core.change.document import WORDING
from core.change.level_shifts import LevelShift
from core.change.remainder import Shape
from core.change.search import LEAST_SESSIONS, Chance, Changes, MeasureChange
from core.change.sustained_shift import ALARM, LEAST_BASELINE_SESSIONS, SustainedShift
from core.documents import NOTICE
from core.wording import counted

#: Sessions that hang together more than this make shuffled ones a poor comparison.
_MUCH_AUTOCORRELATION = 0.2


def render_changes(found: Changes, *, subject_id: str, zone: ZoneInfo) -> Group:
    """A line a measure, then what is told, then what it rests on."""
    title = Text(f"{subject_id}: did the expression record change?", style="bold")
    if found.measures is None:
        said = f"insufficient: {counted(len(found.series), 'session')} with a value, and {LEAST_SESSIONS} are the least"
        return Group(title, Text(said), *_too_short(found), Text(NOTICE, style="dim italic"))
    told = [line for each in found.measures for line in _sentences(each, zone)]
    return Group(
        title,
        _table(found.measures),
        *(told or [Text("No change is told: shuffled sessions look like this too.")]),
        *_foundations(found),
        Text(WORDING, style="dim italic"),
        Text(NOTICE, style="dim italic"),
    )


def told(found: Changes, zone: ZoneInfo) -> list[str]:
    """Say what is told of a record, a sentence each; empty: no change is."""
    return [line.plain for each in found.measures or () for line in _sentences(each, zone)]


def rests_on(found: Changes) -> list[str]:
    """Say what an answer rests on: sessions, false alarms, corrections."""
    if found.measures is None:
        return [
            f"Insufficient: {counted(len(found.series), 'session')} with a value, and {LEAST_SESSIONS} are the least."
        ]
    return [line.plain for line in _foundations(found)]


def _table(measures: tuple[MeasureChange, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("measure", "trend per 30 days", "95 % interval", "p", "level shifts p", "from baseline p"):
        table.add_column(name, justify="left" if name == "measure" else "right")
    for each in measures:
        style = "bold" if each.trend_chance.is_found else ""
        sustained = Text("", style="dim") if each.sustained_chance is None else _p(each.sustained_chance)
        table.add_row(
            Text(each.measure, style="bold" if each.is_changed else ""),
            Text(f"{each.trend.slope:+.4f}", style=style),
            Text(f"{each.trend.low:+.4f} to {each.trend.high:+.4f}", style=style),
            _p(each.trend_chance),
            _p(each.shift_chance),
            sustained,
        )
    return table


def _p(chance: Chance) -> Text:
    return Text(f"{chance.corrected_p_value:.3f}", style="bold" if chance.is_found else "")


def _sentences(each: MeasureChange, zone: ZoneInfo) -> list[Text]:
    said = []
    slope = f"{each.trend.slope:+.3f} per 30 days"
    if each.shape is Shape.LINE:
        rose = "rose" if each.trend.slope > 0 else "fell"
        more = f"; {len(each.shifts)} steps tell it less simply" if each.shifts else ""
        said.append(f"{each.measure}: the record {rose} by {slope[1:]}{more}")
    elif each.shape is Shape.STEPS:
        said += [f"{each.measure}: {_shift(shift, zone)}" for shift in each.shifts]
        if each.trend_chance.is_found:
            said.append(f"{each.measure}: a trend of {slope} tells that less simply")
    if each.sustained is not None:
        said.append(f"{each.measure}: {_run(each.sustained, zone)}")
    lines = [Text(line) for line in said]
    if said and each.autocorrelation > _MUCH_AUTOCORRELATION:
        doubt = (
            f"{each.measure}: neighbouring sessions resemble each other ({each.autocorrelation:+.2f}): see --together"
        )
        lines.append(Text(doubt, style="yellow"))
    return lines


def _shift(shift: LevelShift, zone: ZoneInfo) -> str:
    size = shift.size
    span = f"{_day(shift.not_before_us, zone)} to {_day(shift.not_after_us, zone)}"
    return (
        f"the record changed about {_day(shift.at_us, zone)} (95 %: {span}), from {size.first_mean:.3f} to "
        f"{size.second_mean:.3f}: {size.difference:+.3f} ({size.low:+.3f} to {size.high:+.3f})"
    )


def _run(run: SustainedShift, zone: ZoneInfo) -> str:
    span = f"{_day(run.from_us, zone)} to {_day(run.until_us, zone)}"
    interval = "" if run.size.low is None else f" ({run.size.low:+.3f} to {run.size.high:+.3f})"
    return f"away from the baseline from {span}, {counted(run.num_sessions, 'session')}: {run.size.mean:+.3f}{interval}"


def _day(time_us: int, zone: ZoneInfo) -> str:
    return f"{as_datetime(time_us, zone):%Y-%m-%d}"


def _foundations(found: Changes) -> list[Text]:
    search = found.search
    rate = f"{found.false_alarm_rate:.1%} of {search.num_shuffles} shuffled records"
    lines = [
        Text(f"{len(found.series)} sessions. False alarms: the same search finds something in {rate}.", style="bold"),
        Text(
            f"p: by shuffling, corrected for {found.num_questions} questions (Holm); told where at most "
            f"{search.alpha:g}. Trend: Theil-Sen.",
            style="dim",
        ),
    ]
    if found.baseline is not None:
        if found.baseline.num_sessions < LEAST_BASELINE_SESSIONS:
            sessions = counted(found.baseline.num_sessions, "session")
            said = f"baseline {found.baseline.number} has {sessions}, too few to leave it"
            lines.append(Text(f"{said}: {LEAST_BASELINE_SESSIONS} are the least", style="yellow"))
        else:
            said = f"From baseline {found.baseline.number}: CUSUM of sessions, alarm at {ALARM:g} deviations."
            lines.append(Text(said, style="dim"))
    return [*lines, *_too_short(found)]


def _too_short(found: Changes) -> list[Text]:
    number = found.series.num_too_short
    said = f"left out: {counted(number, 'session')} with too few counted readings"
    return [Text(said, style="yellow")] if number else []
