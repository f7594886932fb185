"""A subject's record in long form: one row a bin and measure, gaps too."""

from collections.abc import Iterator
from typing import Final

from core.exports.columns import Cell, ExportTable, integer, number, text
from core.people.longitudinal import MEASURES, Estimate
from core.people.longitudinal_document import changes_of, status_of
from core.people.subject_timeline import SubjectTimeline

_MEASURE_UNIT: Final = "probability 0..1; valence -1..1"

COLUMNS: Final = (
    text("subject_id", "the pseudonym that the study gave"),
    text("start", "the bin's beginning, inclusive", "ISO 8601 with offset"),
    text("end", "the bin's end, exclusive", "ISO 8601 with offset"),
    integer("start_ms", "the bin's beginning, inclusive", "ms since 1970 in UTC"),
    integer("end_ms", "the bin's end, exclusive", "ms since 1970 in UTC"),
    text("zone", "whose days, weeks and months", "IANA time zone"),
    text("measure", "one of the seven emotions, or valence: happy less angry, disgust, fear and sad"),
    number("mean", "mean of the sessions' means of what the face appeared to show", _MEASURE_UNIT),
    number("low", "lower end of Student's 95 % interval over sessions; missing with one session", _MEASURE_UNIT),
    number("high", "upper end of it", _MEASURE_UNIT),
    integer("baseline", "number of the person's own baseline that the changes are from"),
    number("change", "mean less the baseline's mean", "difference of " + _MEASURE_UNIT),
    number("change_low", "lower end of the change's 95 % interval", "difference of " + _MEASURE_UNIT),
    number("change_high", "upper end of it", "difference of " + _MEASURE_UNIT),
    text("status", "ok; insufficient: too little for a value; gap: nothing was sampled"),
    integer("num_sessions", "sessions with a counted reading", "sessions"),
    integer("num_readings", "counted readings", "readings"),
    integer("num_frames", "sampled frames", "frames"),
    number("coverage", "share of the sampled frames in which a reading counted", "fraction 0..1"),
)

#: Digits of a probability: far below its own error.
_DECIMALS: Final = 6


def subject_table(found: SubjectTimeline) -> ExportTable:
    """Put a subject's record in long form."""
    return ExportTable(columns=COLUMNS, rows=_rows(found))


def _rows(found: SubjectTimeline) -> Iterator[tuple[Cell, ...]]:
    baseline = None if found.baseline is None else found.baseline.number
    for point in found.points:
        isos = (point.start.isoformat(), point.end.isoformat())
        times_ms = (round(point.start.timestamp() * 1000), round(point.end.timestamp() * 1000))
        where = (found.subject_id, *isos, *times_ms, str(found.zone))
        rests_on = (point.num_sessions, point.num_readings, point.num_frames, _rounded(point.coverage))
        changes = changes_of(point, found.baseline)
        for measure in MEASURES:
            raw, changed = _cells(point.estimates, measure), _cells(changes, measure)
            yield (*where, measure, *raw, baseline, *changed, status_of(point), *rests_on)


def _cells(estimates: dict[str, Estimate] | None, measure: str) -> tuple[Cell, Cell, Cell]:
    if estimates is None:
        return None, None, None
    estimate = estimates[measure]
    return _rounded(estimate.mean), _rounded(estimate.low), _rounded(estimate.high)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DECIMALS)
