"""What a live video comes in: some seconds of it at a time. Values only."""

from dataclasses import dataclass
from datetime import datetime

from core.media import ChunkSpan


@dataclass(frozen=True, kw_only=True)
class LiveFragment:
    """Some seconds of a live video, ready to be decoded anywhere."""

    content: bytes  # as fragment.py opens it
    span: ChunkSpan  # indices run on from 0 since the source was opened; times are the source's own
    num_frames: int  # frames that the packets promise
    codec_name: str  # "h264"
    width_px: int  # upright, as far as the source says how its pictures are turned
    height_px: int
    completed_at: datetime  # aware UTC wall clock, when its last packet had come

    def __post_init__(self) -> None:
        if self.completed_at.tzinfo is None:
            raise ValueError(f"completed_at must say its time zone, got {self.completed_at}")
