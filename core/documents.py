"""The JSON documents that commands print and an API answers with. Their keys are a contract: docs/formats.md."""

from typing import TYPE_CHECKING, Any, Final

from core.emotions import EMOTIONS

if TYPE_CHECKING:  # numpy's twentieth of a second is not every command's
    from core.observations import FaceObservation, FrameObservation
    from core.timeline import Timeline, TimelinePoint

#: Travels with every timeline, so that it is read as what it is.
NOTICE: Final = (
    "What faces appear to show, as a model trained on FER2013 and FER+ labels reads them; not what anybody feels."
)


def probs_document(probs: tuple[float, ...]) -> dict[str, float]:
    """Name the seven probabilities."""
    return dict(zip(EMOTIONS, (round(value, 6) for value in probs), strict=True))


def face_document(face: "FaceObservation") -> dict[str, Any]:
    """One face of a frame or a picture."""
    document: dict[str, Any] = {
        "face_index": face.face_index,
        "track": face.track,
        "box": list(face.face.box),
        "score": face.face.score,
        "probs": probs_document(face.reading.probs),
        "top": face.reading.top,
        "unreadable": face.reading.unreadable,
        "abstained": face.reading.abstained,
        "face_px": face.face_px,
        "blur": face.blur,
    }
    if face.face.landmarks:
        document["landmarks"] = [list(point) for point in face.face.landmarks]
    return document


def frame_document(frame: "FrameObservation") -> dict[str, Any]:
    """One sampled frame with its faces."""
    return {
        "frame_index": frame.frame_index,
        "pts_seconds": frame.pts_seconds,
        "status": frame.status.value,
        "faces": [face_document(face) for face in frame.faces],
    }


def timeline_document(timeline: "Timeline") -> dict[str, Any]:
    """A timeline with what it rests on."""
    return {
        "media_id": timeline.media_id,
        "job_id": timeline.job_id,
        "model_version": timeline.model_version,
        "detector": timeline.detector.value,
        "bin_seconds": None if timeline.bin_us is None else timeline.bin_us / 1e6,
        "smoothed": timeline.smoothed,
        "notice": NOTICE,
        "points": [_point_document(point) for point in timeline.points],
    }


def _point_document(point: "TimelinePoint") -> dict[str, Any]:
    return {
        "start_seconds": point.start_seconds,
        "num_frames": point.num_frames,
        "num_face_frames": point.num_face_frames,
        "num_rejected_frames": point.num_rejected_frames,
        "num_undecodable_frames": point.num_undecodable_frames,
        "num_faces": point.num_faces,
        "probs": None if point.probs is None else probs_document(point.probs),
        "top": point.top,
    }
