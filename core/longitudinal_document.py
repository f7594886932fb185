"""A subject's record as the JSON document that commands print and an API answers with (docs/formats.md)."""

from typing import Any

from core.documents import NOTICE
from core.longitudinal import CONFIDENCE, Estimate, LongitudinalPoint, SubjectTimeline

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
        },
        "notice": NOTICE,
        "points": [_point_document(point) for point in found.points],
    }


def status_of(point: LongitudinalPoint) -> str:
    """Say in a word what a bin holds: "ok"; "insufficient": too little to have a value; "gap": nothing was sampled."""
    if point.estimates is not None:
        return "ok"
    return "insufficient" if point.num_frames else "gap"


def _point_document(point: LongitudinalPoint) -> dict[str, Any]:
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
        "estimates": None
        if point.estimates is None
        else {name: _estimate_document(estimate) for name, estimate in point.estimates.items()},
    }


def _estimate_document(estimate: Estimate) -> dict[str, float | None]:
    values = {"mean": estimate.mean, "low": estimate.low, "high": estimate.high}
    return {name: None if value is None else round(value, _DECIMALS) for name, value in values.items()}
