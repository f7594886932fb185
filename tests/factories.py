"""Values for tests, with overrides: make_frame_observation(pts_seconds=2.0). Each is valid as it stands."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from core.emotions import EMOTIONS
from core.frames import Face, Frame, FrameStatus
from core.media import AnalysisParameters, ChunkSpan, CutPoint, DetectorKind, MediaInfo
from core.observations import FaceObservation, FrameObservation, Reading
from core.people.studies import Purpose, Study
from core.people.subjects import Appearance, Consent
from core.timeline import Timeline, TimelinePoint
from db.identity import model_version_id
from db.records import AnalysisRequest, ModelVersion
from db.states import JobQueue
from fer_model.checkpoints.card import ModelCard
from fer_model.crop import CROP_RULE

LANDMARKS = ((35.0, 45.0), (65.0, 45.0), (50.0, 60.0), (38.0, 80.0), (62.0, 80.0))
FPS = 25


def to_us(seconds: float) -> int:
    """Return whole microseconds."""
    return round(seconds * 1_000_000)


def make_sha256(name: str) -> str:
    """Return a SHA-256 that is the same for the same name."""
    return hashlib.sha256(name.encode()).hexdigest()


def make_frame(pts_seconds: float = 0.0, *, frame_index: int | None = None, size: tuple[int, int] = (48, 64)) -> Frame:
    """Return a grey frame of (height, width) `size`."""
    index = max(0, round(pts_seconds * FPS)) if frame_index is None else frame_index
    return Frame(frame_index=index, pts_us=to_us(pts_seconds), image=np.full((*size, 3), 128, dtype=np.uint8))


def make_face(
    *, box: tuple[float, float, float, float] = (20.0, 20.0, 80.0, 95.0), score: float = 0.99, landmarks: bool = True
) -> Face:
    """Return an upright face of 60 x 75 pixels."""
    return Face(box=box, score=score, landmarks=LANDMARKS if landmarks else ())


def make_probs(emotion: str = "happy", prob: float = 0.7) -> tuple[float, ...]:
    """Return probabilities with `prob` on one emotion and the rest spread evenly."""
    rest = (1 - prob) / (len(EMOTIONS) - 1)
    return tuple(prob if name == emotion else rest for name in EMOTIONS)


def make_reading(
    emotion: str = "happy",
    *,
    prob: float = 0.7,
    probs: tuple[float, ...] | None = None,
    unreadable: float = 0.05,
    abstained: bool = False,
) -> Reading:
    """Return a reading that leans to `emotion`."""
    return Reading(probs=probs or make_probs(emotion, prob), unreadable=unreadable, abstained=abstained)


def make_face_observation(
    emotion: str = "happy",
    *,
    face_index: int = 0,
    face: Face | None = None,
    reading: Reading | None = None,
    abstained: bool = False,
    track: int | None = None,
) -> FaceObservation:
    """Return a face that shows `emotion`."""
    face = face or make_face()
    return FaceObservation(
        face_index=face_index,
        track=track,
        face=face,
        reading=reading or make_reading(emotion, abstained=abstained),
        face_px=face.height_px,
        blur=120.5,
    )


def make_frame_observation(
    pts_seconds: float = 0.0,
    *,
    pts_us: int | None = None,
    frame_index: int | None = None,
    emotion: str = "happy",
    faces: Sequence[FaceObservation] | None = None,
    status: FrameStatus | None = None,
) -> FrameObservation:
    """Return a frame with one face, or with `faces`, or with none where `status` says so."""
    pts_us = to_us(pts_seconds) if pts_us is None else pts_us
    if faces is None:
        faces = (make_face_observation(emotion),) if status in (None, FrameStatus.FACE) else ()
    return FrameObservation(
        frame_index=max(0, round(pts_us * FPS / 1_000_000)) if frame_index is None else frame_index,
        pts_us=pts_us,
        status=status or (FrameStatus.FACE if faces else FrameStatus.NO_FACE),
        faces=tuple(faces),
    )


def make_span(chunk_index: int = 0, *, start_seconds: float | None = None, seconds: float = 10.0) -> ChunkSpan:
    """Return a span of `seconds`; by default the chunk_index-th of equal ones from 0."""
    start_seconds = chunk_index * seconds if start_seconds is None else start_seconds
    start_us = to_us(start_seconds)
    return ChunkSpan(
        chunk_index=chunk_index,
        start_us=start_us,
        end_us=to_us(start_seconds + seconds),
        first_frame_index=max(0, round(start_seconds * FPS)),
        previous_pts_us=None if chunk_index == 0 else start_us - to_us(1 / FPS),
    )


def make_media_info(name: str = "clip", *, num_seconds: float = 20.0, truncated_at_us: int | None = None) -> MediaInfo:
    """Return what a probe would find in a 25 Hz H.264 file with a key frame every ten seconds."""
    starts = range(0, max(1, int(num_seconds)), 10)
    return MediaInfo(
        sha256=make_sha256(name),
        size_bytes=1_000_000,
        format_name="mov,mp4,m4a,3gp,3g2,mj2",
        codec_name="h264",
        width_px=1280,
        height_px=720,
        rotation_degrees=0,
        num_packets=round(num_seconds * FPS),
        start_us=0,
        end_us=to_us(num_seconds - 1 / FPS),
        timestamps_estimated=False,
        truncated_at_us=truncated_at_us,
        cut_points=tuple(
            CutPoint(
                pts_us=to_us(start),
                frame_index=start * FPS,
                previous_pts_us=None if start == 0 else to_us(start - 1 / FPS),
            )
            for start in starts
        ),
    )


def make_model_version(name: str = "small", *, checkpoint: str = "weights", card: str = "{}") -> ModelVersion:
    """Return the version of a made-up checkpoint."""
    sha256 = make_sha256(checkpoint)
    return ModelVersion(id=model_version_id(name, sha256), name=name, sha256=sha256, card=card)


def make_request(
    name: str = "clip",
    *,
    num_chunks: int = 2,
    spans: tuple[ChunkSpan, ...] | None = None,
    path: str | None = None,
    started_at: datetime | None = None,
    model_version: ModelVersion | None = None,
    parameters: AnalysisParameters | None = None,
    owner: str = "local",
    queue: JobQueue = JobQueue.LOCAL,
    priority: int = 5,
    token: str | None = None,
    content: bytes | None = None,
    modified_ns: int | None = None,
    appearance: Appearance | None = None,
) -> AnalysisRequest:
    """Return a request to analyse a clip of `num_chunks` spans of ten seconds; `content` stands for its bytes."""
    last_us = max((span.end_us for span in spans or ()), default=to_us(10.0 * num_chunks))
    media = make_media_info(name, num_seconds=last_us / 1e6)
    if content is not None:
        media = replace(media, sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content))
    return AnalysisRequest(
        media=media,
        modified_ns=modified_ns,
        path=path or f"/videos/{name}.mp4",
        started_at=started_at,
        spans=spans or tuple(make_span(index) for index in range(num_chunks)),
        model_version=model_version or make_model_version(),
        parameters=parameters or AnalysisParameters(),
        owner=owner,
        queue=queue,
        priority=priority,
        token=token,
        appearance=appearance,
    )


def make_card(**overrides: object) -> ModelCard:
    """Return the card of a tiny untrained network."""
    fields: dict[str, object] = {
        "name": "tiny",
        "sha256": make_sha256("tiny"),
        "emotions": EMOTIONS,
        "crop_rule": CROP_RULE,
        "network": {"widths": [4, 8], "depths": [1, 1], "first_stride": 1, "dropout": 0.2},
        "fer2013_temperature": 1.0,
        "ferplus_temperature": 1.0,
        "abstain_below": 0.3,
        "figures": {},
        "training": {},
    }
    return ModelCard(**fields | overrides)  # type: ignore[arg-type]


def make_timeline_point(*, start_seconds: float = 0.0, **overrides: object) -> TimelinePoint:
    """Return a second of ten frames that appear happy."""
    fields: dict[str, object] = {
        "start_us": to_us(start_seconds),
        "num_frames": 10,
        "num_face_frames": 10,
        "num_rejected_frames": 0,
        "num_undecodable_frames": 0,
        "num_faces": 10,
        "probs": make_probs("happy"),
    } | overrides
    probs = fields["probs"]
    return TimelinePoint(**{"top": None if probs is None else "happy"} | fields)  # type: ignore[arg-type]


def make_timeline(**overrides: object) -> Timeline:
    """Return a timeline of three happy seconds."""
    fields: dict[str, object] = {
        "media_id": make_sha256("media")[:16],
        "job_id": make_sha256("job")[:16],
        "bin_us": 1_000_000,
        "points": tuple(make_timeline_point(start_seconds=second) for second in range(3)),
        "model_name": "tiny",
        "model_version": "tiny-0123456789ab",
        "detector": DetectorKind.FAST,
        "smoothed": False,
    }
    return Timeline(**fields | overrides)  # type: ignore[arg-type]


def make_study(**overrides: object) -> Study:
    """Return a research study."""
    fields: dict[str, object] = {
        "id": "moods",
        "purpose": Purpose.RESEARCH,
        "controller": "University of X",
        "contact": "privacy@x.example",
    }
    return Study(**fields | overrides)  # type: ignore[arg-type]


def make_consent(**overrides: object) -> Consent:
    """Return a consent that holds from 2026 on until it is withdrawn."""
    fields: dict[str, object] = {
        "basis": "consent",
        "scope": "expressions",
        "version": "2026-1",
        "given_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return Consent(**fields | overrides)  # type: ignore[arg-type]
