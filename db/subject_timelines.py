"""A question about a person's record, and its answer: what commands, pages and notebooks all ask."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from core.calendar_bins import BinWidth
from core.errors import InputError
from core.longitudinal import Enough, SubjectTimeline, points_of
from db.baselines import get_baseline
from db.longitudinal import SubjectRecord, subject_record
from db.rollups import FaceGate

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
        }


def subject_timeline(connection: Connection, asked: RecordQuestion) -> SubjectTimeline:
    """Answer a question. Raises InputError for nobody, a condition of no sitting, or a baseline that does not fit."""
    record = subject_record(connection, asked.subject_id, bin_us=asked.width.source_us, gate=asked.gate)
    bins = [each for each in record.bins if asked.condition in (None, each.condition)]
    if asked.condition is not None and not bins:
        known = sorted({each.condition for each in record.bins if each.condition}) or ["none"]
        raise InputError(
            f"--condition {asked.condition}: no sitting of {asked.subject_id} has it; there are: {', '.join(known)}"
        )
    own = None
    if asked.baseline is not None:
        own = get_baseline(connection, asked.subject_id, _baseline_number(asked.baseline))
        _check_versions(record, asked.baseline, own.model_versions)
    return SubjectTimeline(
        subject_id=asked.subject_id,
        width=asked.width,
        zone=asked.zone,
        enough=asked.enough,
        points=points_of(bins, width=asked.width, zone=asked.zone, enough=asked.enough),
        model_versions=record.model_versions,
        left_out=record.left_out,
        baseline=own,
    )


def _baseline_number(text: str) -> int | None:
    if text == NEWEST:
        return None
    if not text.isdecimal():
        raise InputError(f"--baseline {text}: write newest, or a baseline's number")
    return int(text)


def _check_versions(record: SubjectRecord, baseline: str, versions: tuple[str, ...]) -> None:
    if record.model_versions != versions:
        raise InputError(
            f"--baseline {baseline}: was made of {', '.join(versions)}, and the record is of "
            f"{', '.join(record.model_versions) or 'nothing'}: make a new one with `moodline subject baseline`"
        )
