"""A subject's record as CSV in long form: one line a bin and measure, for R and pandas without options."""

import csv
from typing import Final, TextIO

from core.longitudinal import MEASURES, Estimate, SubjectTimeline
from core.longitudinal_document import changes_of, status_of

COLUMNS: Final = (
    "subject_id",
    "start",
    "end",
    "zone",
    "measure",
    "mean",
    "low",
    "high",
    "baseline",
    "change",
    "change_low",
    "change_high",
    "status",
    "num_sessions",
    "num_readings",
    "num_frames",
    "coverage",
)

_DECIMALS: Final = 6

#: A spreadsheet takes a cell that begins so for a formula, and runs it.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def write_subject_csv(found: SubjectTimeline, file: TextIO) -> None:
    """Write every bin, gaps too; what is not known is an empty cell. Times are ISO 8601 with their offset."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for point in found.points:
        where = (safe_cell(found.subject_id), point.start.isoformat(), point.end.isoformat(), str(found.zone))
        rests_on = (point.num_sessions, point.num_readings, point.num_frames, _cell(point.coverage))
        baseline = "" if found.baseline is None else found.baseline.number
        changes = changes_of(point, found.baseline)
        for measure in MEASURES:
            raw, changed = _cells(point.estimates, measure), _cells(changes, measure)
            writer.writerow((*where, measure, *raw, baseline, *changed, status_of(point), *rests_on))


def _cells(estimates: dict[str, Estimate] | None, measure: str) -> tuple[float | str, ...]:
    if estimates is None:
        return ("", "", "")
    estimate = estimates[measure]
    return _cell(estimate.mean), _cell(estimate.low), _cell(estimate.high)


def safe_cell(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run as a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _cell(value: float | None) -> float | str:
    return "" if value is None else round(value, _DECIMALS)
