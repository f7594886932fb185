"""A subject's record as the JSON document that commands print and an API answers with (docs/formats.md)."""

from typing import Any

from core.documents import NOTICE
from core.people.baseline import Baseline, change
from core.people.longitudinal import CONFIDENCE, Estimate, LongitudinalPoint
from core.people.subject_timeline import SubjectTimeline

#: Digits of a probability: far below its own error.
_DECIMALS = 6


def subject_timeline_document(found: SubjectTimeline) -> dict[str, Any]:
    """A subject's record with all that it rests on."""
    return {
        "subject_id": found.subject_id,
        "bin": found.width.text,
        "zone": str(found.zone),
        "unit_of_sampling": "session",
        "confidence": CONFIDENCE,
        "min_readings": found.enough.min_readings,
        "min_sessions": found.enough.min_sessions,
        "model_versions": list(found.model_versions),
        "left_out": {
            "num_media_without_time": found.left_out.num_without_time,
            "num_media_without_rows": found.left_out.num_without_rows,
            "num_media_shared": found.left_out.num_shared,
            "num_media_not_assigned_again": found.left_out.num_not_assigned_again,
        },
        "baseline": None if found.baseline is None else baseline_document(found.baseline),
        "notice": NOTICE,
        "points": [_point_document(point, found.baseline) for point in found.points],
    }


def status_of(point: LongitudinalPoint) -> str:
    """Say in a word what a bin holds: "ok"; "insufficient": too little to have a value; "gap": nothing was sampled."""
    if point.estimates is not None:
        return "ok"
    return "insufficient" if point.num_frames else "gap"


def changes_of(point: LongitudinalPoint, baseline: Baseline | None) -> dict[str, Estimate] | None:
    """Return how far a bin's values are from a baseline; None: it has no value, or there is no baseline."""
    if point.estimates is None or baseline is None:
        return None
    return {name: change(estimate, baseline.estimates[name]) for name, estimate in point.estimates.items()}


def baseline_document(baseline: Baseline) -> dict[str, Any]:
    """A person's own baseline, without the model that spoke."""
    return {
        "number": baseline.number,
        "definition": baseline.definition,
        "num_sessions": baseline.num_sessions,
        "num_readings": baseline.num_readings,
        "estimates": estimates_document(baseline.estimates),
    }


def _point_document(point: LongitudinalPoint, baseline: Baseline | None) -> dict[str, Any]:
    return {
        "start": point.start.isoformat(),
        "end": point.end.isoformat(),
        "status": status_of(point),
        "num_sessions": point.num_sessions,
        "num_frames": point.num_frames,
        "num_face_frames": point.num_face_frames,
        "num_rejected_frames": point.num_rejected_frames,
        "num_undecodable_frames": point.num_undecodable_frames,
        "num_readings": point.num_readings,
        "coverage": None if point.coverage is None else round(point.coverage, _DECIMALS),
        "estimates": estimates_document(point.estimates),
        "changes": estimates_document(changes_of(point, baseline)),
    }


def estimates_document(estimates: dict[str, Estimate] | None) -> dict[str, dict[str, float | None]] | None:
    """Estimates by measure; None: there are none."""
    if estimates is None:
        return None
    return {name: _estimate_document(estimate) for name, estimate in estimates.items()}


def _estimate_document(estimate: Estimate) -> dict[str, float | None]:
    values = {"mean": estimate.mean, "low": estimate.low, "high": estimate.high}
    return {name: None if value is None else round(value, _DECIMALS) for name, value in values.items()}
