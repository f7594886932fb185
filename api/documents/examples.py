"""What answers look like, for the OpenAPI. A test holds their keys against real answers."""

from typing import Any, Final

from core.documents import NOTICE

_PROBS: Final = {
    "angry": 0.01,
    "disgust": 0.0,
    "fear": 0.02,
    "happy": 0.9,
    "sad": 0.01,
    "surprise": 0.03,
    "neutral": 0.03,
}

JOB: Final[dict[str, Any]] = {
    "job_id": "60303ae22b998861",
    "media_id": "9f86d081884c7d65",
    "state": "running",
    "is_paused": False,
    "queue": "archive",
    "priority": 5,
    "model_version": "small-0123456789ab",
    "sample_rate_hz": 5.0,
    "num_chunks": 3,
    "num_chunks_by_state": {"pending": 1, "leased": 1, "done": 1, "failed": 0},
    "num_frames": 600,
    "num_face_frames": 540,
    "frames_per_second": 88.5,
    "seconds_left": 13.6,
    "num_chunks_by_error": {},
    "error_code": None,
    "error_message": None,
    "created_at": "2026-11-20T08:30:00+00:00",
    "finished_at": None,
}

MEDIA: Final[dict[str, Any]] = {
    "media_id": "9f86d081884c7d65",
    "kind": "file",
    "name": "clip.mp4",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "size_bytes": 1_234_567,
    "duration_seconds": 20.0,
    "width_px": 640,
    "height_px": 360,
    "codec_name": "h264",
    "timestamps_estimated": False,
    "started_at": "2026-11-20T08:30:00+00:00",
    "num_jobs": 1,
    "job_id": "60303ae22b998861",
    "state": "done",
    "model_version": "small-0123456789ab",
    "num_frames": 500,
    "num_face_frames": 450,
    "notice": NOTICE,
}

PICTURE: Final[dict[str, Any]] = {
    "model_version": "small-0123456789ab",
    "width_px": 640,
    "height_px": 480,
    "notice": NOTICE,
    "faces": [
        {
            "face_index": 0,
            "track": None,
            "box": [211.3, 80.2, 330.1, 230.9],
            "score": 0.999,
            "probs": _PROBS,
            "top": "happy",
            "unreadable": 0.0,
            "abstained": False,
            "face_px": 150.7,
            "blur": 214.1,
        }
    ],
}

TIMELINE: Final[dict[str, Any]] = {
    "media_id": "9f86d081884c7d65",
    "job_id": "60303ae22b998861",
    "model_version": "small-0123456789ab",
    "detector": "fast",
    "bin_seconds": 1.0,
    "smoothed": False,
    "state": "done",
    "is_partial": False,
    "analysed_until_seconds": None,
    "not_yet": [],
    "track": None,
    "smoothing": None,
    "notice": NOTICE,
    "points": [
        {
            "start_seconds": 0.0,
            "num_frames": 25,
            "num_face_frames": 25,
            "num_rejected_frames": 0,
            "num_undecodable_frames": 0,
            "num_faces": 25,
            "probs": _PROBS,
            "top": "happy",
        },
    ],
    "next_cursor": None,
}

_WHOLE_JOB: Final[dict[str, Any]] = {
    "media_id": "9f86d081884c7d65",
    "job_id": "60303ae22b998861",
    "model_version": "small-0123456789ab",
    "state": "done",
    "is_partial": False,
    "analysed_until_seconds": None,
    "not_yet": [],
    "notice": NOTICE,
}

FRAMES: Final[dict[str, Any]] = {
    **_WHOLE_JOB,
    "frames": [
        {
            "frame_index": 0,
            "pts_seconds": 0.0,
            "status": "face",
            "faces": [
                {
                    "face_index": 0,
                    "track": 0,
                    "box": [210.5, 80.0, 330.0, 230.5],
                    "score": 0.998,
                    "probs": _PROBS,
                    "top": "happy",
                    "unreadable": 0.01,
                    "abstained": False,
                    "face_px": 150.5,
                    "blur": 120.5,
                }
            ],
        }
    ],
    "next_cursor": "WzI1XQ",
}

_DECISION: Final = {
    "number": 1,
    "kind": "merge",
    "tracks": [0, 2_500_000],
    "subject_id": None,
    "at_seconds": None,
    "new_track": None,
    "undoes": None,
    "is_undone": False,
    "actor": "api:local",
    "made_at": "2026-11-20T08:30:00+00:00",
}

DECISION: Final[dict[str, Any]] = {
    "media_id": "9f86d081884c7d65",
    "job_id": "60303ae22b998861",
    "decision": _DECISION,
    "notice": NOTICE,
}

TRACKS: Final[dict[str, Any]] = {
    **_WHOLE_JOB,
    "num_tracks": 1,
    "tracks": [
        {
            "track": 0,
            "first_seconds": 0.0,
            "last_seconds": 19.96,
            "num_faces": 500,
            "num_readings": 480,
            "mean_face_px": 150.5,
            "probs": _PROBS,
            "top": "happy",
            "subject_id": "S01",
            "parts": [
                {"track": 0, "first_seconds": 0.0, "last_seconds": 9.96},
                {"track": 2_500_000, "first_seconds": 10.0, "last_seconds": 19.96},
            ],
        },
    ],
    "decisions": [_DECISION],
    "next_cursor": None,
}

SUBJECT: Final[dict[str, Any]] = {
    "subject_id": "S01",
    "study_id": "moods",
    "group": None,
    "consent": {
        "basis": "consent",
        "scope": "expressions",
        "version": "2026-1",
        "given_at": "2026-01-01T00:00:00+00:00",
        "until_at": None,
    },
    "notice": NOTICE,
}


def answered(example: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI says of an answer that looks so."""
    return {200: {"content": {"application/json": {"example": example}}}}
