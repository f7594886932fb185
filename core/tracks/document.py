"""Person tracks and decisions about them as JSON documents: what commands print and the API answers with."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from core.documents import probs_document
from core.emotions import EMOTIONS
from core.people.subjects import Subject
from core.tracks.state import Decision, DecisionKind, PersonTrack


@dataclass(frozen=True, kw_only=True)
class TrackFigures:
    """What the rows of a person track add up to."""

    num_faces: int
    num_readings: int  # counted
    mean_face_px: float
    sum_probs: tuple[float, ...]  # (7,) of the counted readings


def track_document(track: PersonTrack, figures: TrackFigures, subjects: Mapping[str, Subject]) -> dict[str, Any]:
    """A track: when it is seen, what its face appears to show, whose it is. `subjects` are by key."""
    mean = tuple(total / max(1, figures.num_readings) for total in figures.sum_probs)
    return {
        "track": track.number,
        "first_seconds": track.first_us / 1e6,
        "last_seconds": track.last_us / 1e6,
        "num_faces": figures.num_faces,
        "num_readings": figures.num_readings,
        "mean_face_px": round(figures.mean_face_px, 2),
        "probs": probs_document(mean) if figures.num_readings else None,
        "top": EMOTIONS[mean.index(max(mean))] if figures.num_readings else None,
        "subject_id": subject_id_of(track.subject_key, subjects),
        "parts": [
            {"track": part.track, "first_seconds": part.first_us / 1e6, "last_seconds": part.last_us / 1e6}
            for part in track.parts
        ],
    }


def decision_document(
    decision: Decision, subjects: Mapping[str, Subject], *, standing: Collection[int]
) -> dict[str, Any]:
    """A decision as it was made; `standing` are the numbers of those that hold."""
    is_undoing = decision.kind is DecisionKind.UNDO
    return {
        "number": decision.number,
        "kind": decision.kind.value,
        "tracks": list(decision.tracks),
        "subject_id": subject_id_of(decision.subject_key, subjects),
        "at_seconds": None if decision.at_us is None else decision.at_us / 1e6,
        "new_track": decision.new_track,
        "undoes": decision.undoes,
        "is_undone": not is_undoing and decision.number not in standing,
        "actor": decision.actor,
        "made_at": decision.made_at.isoformat(),
    }


def subject_id_of(key: str | None, subjects: Mapping[str, Subject]) -> str | None:
    """Return a subject's pseudonym; None: nobody's, or that of somebody who may not be named to the reader."""
    return None if key is None or key not in subjects else subjects[key].id
