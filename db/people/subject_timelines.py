"""A question about a person's record, and its answer: what commands, pages and notebooks all ask."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from core.calendar_bins import BinWidth, whole_bins
from core.errors import InputError
from core.people.baseline import Baseline
from core.people.longitudinal import Enough, SessionBin, points_of
from core.people.subject_timeline import SubjectTimeline
from core.time_ranges import EVERYTHING, TimeRange
from db.clock import epoch_us
from db.people.baselines import get_baseline
from db.people.longitudinal import SubjectRecord, subject_record
from db.people.subjects import get_subject
from db.subject_tables import AppearanceTable
from db.tables import MediaTable
from db.timelines.rollups import FaceGate

#: Stands for the baseline that was made last.
NEWEST = "newest"


@dataclass(frozen=True, kw_only=True)
class RecordQuestion:
    """What is asked about a subject."""

    subject_id: str
    width: BinWidth
    zone: ZoneInfo
    enough: Enough
    condition: str | None = None  # only sittings of it; None: all
    gate: FaceGate | None = None  # which faces count; None: all
    baseline: str | None = None  # NEWEST, or a number; None: raw values only
    span: TimeRange = EVERYTHING  # only bins that begin in it

    def document(self) -> dict[str, object]:
        """Return what was asked, for a manifest."""
        gate = self.gate
        return {
            "subject_id": self.subject_id,
            "bin": self.width.text,
            "zone": str(self.zone),
            "condition": self.condition,
            "min_readings": self.enough.min_readings,
            "min_sessions": self.enough.min_sessions,
            "min_face_px": 0.0 if gate is None else gate.min_face_px,
            "min_blur": 0.0 if gate is None else gate.min_blur,
            "min_score": 0.0 if gate is None else gate.min_score,
            "baseline": self.baseline,
            "from_us": self.span.from_us,
            "until_us": self.span.until_us,
        }


def subject_timeline(connection: Connection, asked: RecordQuestion) -> SubjectTimeline:
    """Answer a question. Raises InputError for nobody, a condition of no sitting, or a baseline that does not fit."""
    record = subject_record(
        connection,
        asked.subject_id,
        bin_us=asked.width.source_us,
        gate=asked.gate,
        span=whole_bins(asked.span, asked.width, asked.zone),
    )
    bins = of_condition(record, asked.subject_id, asked.condition)
    own = None if asked.baseline is None else own_baseline(connection, asked.subject_id, asked.baseline, record)
    return SubjectTimeline(
        subject_id=asked.subject_id,
        width=asked.width,
        zone=asked.zone,
        enough=asked.enough,
        points=points_of(bins, width=asked.width, zone=asked.zone, enough=asked.enough, span=asked.span),
        model_versions=record.model_versions,
        left_out=record.left_out,
        baseline=own,
    )


def record_extent(connection: Connection, subject_id: str) -> TimeRange:
    """Return from when until when a person's media were filmed, unbounded where there are none; reads no row."""
    origin_us = epoch_us(MediaTable.started_at)
    row = connection.execute(
        select(
            func.min(origin_us + MediaTable.start_us).label("from_us"),
            func.max(origin_us + MediaTable.end_us).label("until_us"),
        )
        .join(AppearanceTable, AppearanceTable.media_id == MediaTable.id)
        .where(
            AppearanceTable.subject_key == get_subject(connection, subject_id).key, MediaTable.started_at.is_not(None)
        )
    ).one()
    return TimeRange() if row.from_us is None else TimeRange(from_us=row.from_us, until_us=row.until_us)


def of_condition(record: SubjectRecord, subject_id: str, condition: str | None) -> list[SessionBin]:
    """Return a record's bins of one condition, or all. Raises InputError where no sitting has it."""
    if condition is not None and condition not in record.conditions:
        known = ", ".join(record.conditions or ("none",))
        raise InputError(f"--condition {condition}: no sitting of {subject_id} has it; there are: {known}")
    return [each for each in record.bins if condition in (None, each.condition)]


def own_baseline(connection: Connection, subject_id: str, text: str, record: SubjectRecord) -> Baseline:
    """Return a subject's baseline: NEWEST, or by number. Raises InputError where another model made it."""
    if text != NEWEST and not text.isdecimal():
        raise InputError(f"--baseline {text}: write newest, or a baseline's number")
    own = get_baseline(connection, subject_id, None if text == NEWEST else int(text))
    if record.model_versions != own.model_versions:
        raise InputError(
            f"--baseline {text}: was made of {', '.join(own.model_versions)}, and the record is of "
            f"{', '.join(record.model_versions) or 'nothing'}: make a new one with `moodline subject baseline`"
        )
    return own


def refuse_several_models(subject_id: str, record: SubjectRecord) -> None:
    """Raise InputError where rows of several models would be taken for a change of the person."""
    if len(record.model_versions) > 1:
        raise InputError(
            f"the record of {subject_id} is of several models ({', '.join(record.model_versions)}): a change would be "
            "theirs as likely as the person's; `moodline reprocess` makes it of one"
        )
