"""A person's report as one HTML page that works offline and prints well. Knows values and the template, no SQL."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from cli.rendering.changes import rests_on, told
from cli.rendering.changes_png import changes_figure
from cli.rendering.report_tables import (
    ReportTable,
    baseline_table,
    changes_table,
    contrast_table,
    session_table,
    source_table,
)
from cli.rendering.subject_png import subject_figure
from core.change.document import WORDING
from core.change.search import Changes
from core.documents import NOTICE
from core.exports.manifest import SourceJob
from core.people.contrast import contrast, session_values
from core.people.longitudinal import MEASURES, VALENCE, SessionBin
from core.people.sittings import Sitting
from core.people.studies import Study
from core.people.subject_timeline import SubjectTimeline

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: What a session's row shows of the eight measures: what fits a page.
_SHOWN: Final = ("happy", "sad", "angry", "surprise", "neutral", VALENCE)


@dataclass(frozen=True, kw_only=True)
class SubjectReport:
    """All that a report is made of."""

    record: SubjectTimeline
    sittings: tuple[Sitting, ...]
    bins: tuple[SessionBin, ...]
    changes: Changes | None  # None: not searched, the record is of several models
    study: Study
    sources: tuple[SourceJob, ...]
    question: dict[str, Any]
    command: str
    written_at: datetime


def report_page(report: SubjectReport) -> str:
    """Return the page."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("cli.rendering"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    record, sittings = report.record, report.sittings
    contrasts = _contrast_tables(report.bins)
    return environment.get_template("subject_report.html").render(
        title=f"{record.subject_id}: what the face appeared to show",
        period=_period(sittings),
        study=report.study,
        question=report.question,
        written_at=f"{report.written_at:%Y-%m-%d %H:%M %Z}",
        notice=NOTICE,
        tiles=_tiles(report),
        record_svg=_svg(subject_figure(record)),
        coverage_text=_coverage_text(record),
        left_out=_left_out(record),
        baseline=record.baseline,
        baseline_table=None if record.baseline is None else baseline_table(record.baseline),
        contrast_tables=contrasts,
        num_contrasts=len(contrasts) * len(MEASURES),
        changes=_changes(report),
        session_table=session_table(sittings, _SHOWN),
        source_table=source_table(report.sources),
        command=report.command,
    )


def _period(sittings: Sequence[Sitting]) -> str:
    if not sittings:
        return "nothing was seen"
    return f"{sittings[0].began_at:%d %B %Y} to {sittings[-1].began_at:%d %B %Y}"


def _tiles(report: SubjectReport) -> list[tuple[str, str]]:
    frames = sum(each.point.num_frames for each in report.sittings)
    readings = sum(each.point.num_readings for each in report.sittings)
    counted = sum(each.point.num_face_frames - each.point.num_rejected_frames for each in report.sittings)
    conditions = {each.condition for each in report.sittings if each.condition}
    return [
        (f"{len(report.sittings)}", "sessions"),
        (f"{len(conditions)}" if conditions else "none", "conditions"),
        (f"{frames:,}", "sampled frames"),
        (f"{readings:,}", "counted readings"),
        (f"{counted / frames:.0%}" if frames else "none", "of the frames read"),
    ]


def _coverage_text(record: SubjectTimeline) -> str:
    num = len(record.points)
    ok = sum(point.estimates is not None for point in record.points)
    gaps = sum(not point.num_frames for point in record.points)
    least = record.enough
    sessions = "a session" if least.min_sessions == 1 else f"{least.min_sessions} sessions"
    need = f"{least.min_readings} counted readings of {sessions}"
    return (
        f"Of {num} bins of {record.width.text}, {ok} have a value, {num - ok - gaps} hold too little "
        f"(fewer than {need}), and in {gaps} nothing was filmed."
    )


def _left_out(record: SubjectTimeline) -> list[str]:
    reasons = (
        (record.left_out.num_without_time, "it is not known when they were filmed"),
        (record.left_out.num_without_rows, "they were not analysed, or not to the end"),
        (record.left_out.num_shared, "several subjects are in them, and which face is whose was not said"),
    )
    return [f"Left out: {number} media, as {why}." for number, why in reasons if number]


def _contrast_tables(bins: Sequence[SessionBin]) -> list[ReportTable]:
    conditions = sorted({each.condition for each in bins if each.condition})
    values = {name: session_values(bins, name) for name in conditions}
    return [
        contrast_table(first, second, {name: contrast(values[first][name], values[second][name]) for name in MEASURES})
        for first, second in combinations(conditions, 2)
    ]


def _changes(report: SubjectReport) -> dict[str, Any] | None:
    """Return what the section about change shows; None: the record is of several models, and is not searched."""
    found = report.changes
    if found is None:
        return None
    is_searched = found.measures is not None
    return {
        "table": changes_table(found.measures) if found.measures is not None else None,
        "svg": _svg(changes_figure(found, zone=report.record.zone)) if is_searched else None,
        "told": told(found, report.record.zone),
        "rests_on": rests_on(found),
        "wording": WORDING,
    }


def _svg(figure: "Figure") -> Any:
    """Turn a figure into SVG, with its text as text."""
    import matplotlib as mpl
    from markupsafe import Markup

    file = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "moodline"}):
        figure.savefig(file, format="svg", bbox_inches="tight", metadata={"Date": None})
    drawn = file.getvalue()
    return Markup(drawn[drawn.index("<svg") :])
