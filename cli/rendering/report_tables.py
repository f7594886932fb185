"""A report's tables as values, for a page's template to draw: a person's sessions, baseline, conditions, sources."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from core.change.search import Chance, MeasureChange
from core.exports.manifest import SourceJob
from core.people.baseline import Baseline
from core.people.contrast import LEAST_SESSIONS, Contrast
from core.people.longitudinal import VALENCE, Estimate
from core.people.sittings import Sitting


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What stands in a cell."""

    text: str
    is_bold: bool = False


@dataclass(frozen=True, kw_only=True)
class ReportTable:
    """A table of a report."""

    heading: str
    columns: tuple[str, ...]
    numbers: tuple[int, ...]  # 0-based columns that hold numbers
    rows: tuple[tuple[Cell, ...], ...]
    dates: tuple[int, ...] = ()  # 0-based columns that are not to be broken over lines


def session_table(sittings: Sequence[Sitting], shown: Sequence[str]) -> ReportTable:
    """One row a session, with the means of some measures."""
    columns = ("session", "began", "condition", "frames", "readings", "read", *shown)
    rows = (_session_row(each, shown) for each in sittings)
    return replace(_table("Sessions", columns, range(3, len(columns)), rows), dates=(1,))


def baseline_table(baseline: Baseline) -> ReportTable:
    """One row a measure of a baseline."""
    rows = (
        [name, f"{value.mean:.3f}", interval(value, is_signed=name == VALENCE)]
        for name, value in baseline.estimates.items()
    )
    return _table("Own baseline", ("measure", "mean", "95 % interval"), (1, 2), rows)


def contrast_table(first: str, second: str, found: dict[str, Contrast | None]) -> ReportTable:
    """One row a measure of two conditions."""
    columns = ("measure", first, second, "difference", "95 % interval", "Hedges' g", "sessions")
    rows = tuple(_contrast_row(name, each) for name, each in found.items())
    return ReportTable(heading=f"{second} less {first}", columns=columns, numbers=tuple(range(1, 7)), rows=rows)


def changes_table(measures: Sequence[MeasureChange]) -> ReportTable:
    """One row a measure: its trend, and the corrected chances of all that was asked."""
    columns = ("measure", "trend per 30 days", "95 % interval", "p", "level shifts p", "from baseline p")
    return ReportTable(
        heading="Changes", columns=columns, numbers=tuple(range(1, 6)), rows=tuple(map(_change_row, measures))
    )


def source_table(sources: Sequence[SourceJob]) -> ReportTable:
    """One row for all media that were analysed in one way, with one model."""
    ways: dict[tuple[str, ...], list[SourceJob]] = {}
    for source in sources:
        asked = source.parameters
        rate = asked.get("sample_rate_hz")
        way = (
            source.model_version,
            source.model_sha256[:12],
            f"{asked.get('detector', 'exact')} detector",
            "every frame" if rate is None else f"{rate:g} frames a second",
            f"faces from {asked.get('min_face_px')} px",
        )
        ways.setdefault(way, []).append(source)
    rows = (
        [way[0], way[1], ", ".join(way[2:]), str(len(of)), f"{sum(each.num_frames for each in of):,}"]
        for way, of in sorted(ways.items())
    )
    return _table("Sources", ("model", "SHA-256", "analysed", "media", "frames"), (3, 4), rows)


def interval(estimate: Estimate, *, is_signed: bool) -> str:
    """Write an interval; without one, say that there is none."""
    if estimate.low is None or estimate.high is None:
        return "none: one session"
    sign = "+" if is_signed else ""
    return f"{estimate.low:{sign}.3f} to {estimate.high:{sign}.3f}"


def _session_row(each: Sitting, shown: Sequence[str]) -> list[str]:
    coverage = "" if each.coverage is None else f"{each.coverage:.0%}"
    values = ["insufficient"] + [""] * (len(shown) - 1)
    if each.point.estimates is not None:
        values = [_value(name, each.point.estimates[name]) for name in shown]
    began = f"{each.began_at:%Y-%m-%d %H:%M}"
    counts = [f"{each.point.num_frames:,}", f"{each.point.num_readings:,}", coverage]
    return [each.session, began, each.condition or "", *counts, *values]


def _value(name: str, estimate: Estimate) -> str:
    return f"{estimate.mean:+.2f}" if name == VALENCE else f"{estimate.mean:.2f}"


def _change_row(each: MeasureChange) -> tuple[Cell, ...]:
    is_trend = each.trend_chance.is_found
    away = each.sustained_chance
    return (
        Cell(text=each.measure, is_bold=each.is_changed),
        Cell(text=f"{each.trend.slope:+.4f}", is_bold=is_trend),
        Cell(text=f"{each.trend.low:+.4f} to {each.trend.high:+.4f}", is_bold=is_trend),
        _chance_cell(each.trend_chance),
        _chance_cell(each.shift_chance),
        Cell(text="") if away is None else _chance_cell(away),
    )


def _chance_cell(chance: Chance) -> Cell:
    return Cell(text=f"{chance.corrected_p_value:.3f}", is_bold=chance.is_found)


def _contrast_row(name: str, each: Contrast | None) -> tuple[Cell, ...]:
    if each is None:
        few = f"insufficient: {LEAST_SESSIONS} sessions a side are the least"
        return tuple(Cell(text=text) for text in (name, "", "", few, "", "", ""))
    is_bold = each.excludes_zero
    return (
        Cell(text=name),
        Cell(text=f"{each.first_mean:.3f}"),
        Cell(text=f"{each.second_mean:.3f}"),
        Cell(text=f"{each.difference:+.3f}", is_bold=is_bold),
        Cell(text=f"{each.low:+.3f} to {each.high:+.3f}", is_bold=is_bold),
        Cell(text="" if each.effect_size is None else f"{each.effect_size:+.2f}"),
        Cell(text=f"{each.num_first}, {each.num_second}"),
    )


def _table(heading: str, columns: Sequence[str], numbers: Iterable[int], rows: Iterable[Sequence[str]]) -> ReportTable:
    return ReportTable(
        heading=heading,
        columns=tuple(columns),
        numbers=tuple(numbers),
        rows=tuple(tuple(Cell(text=text) for text in row) for row in rows),
    )
