"""What is known of a media before anything is analysed, and how it is cut into chunks. Values only."""

from dataclasses import dataclass
from enum import Enum, StrEnum


@dataclass(frozen=True, kw_only=True)
class CutPoint:
    """A frame before which a media may be cut: a key frame or, in a very long group of pictures, a frame within it."""

    pts_us: int  # presentation time of the frame
    frame_index: int  # 0-based position of the frame in presentation order
    previous_pts_us: int | None  # presentation time of the frame before it; None: it is the first


@dataclass(frozen=True, kw_only=True)
class MediaInfo:
    """What a probe found in a file. Counts and times come from its packets, never from its header."""

    sha256: str  # of the file's bytes, lower-case hex
    size_bytes: int
    format_name: str  # the demuxer's name: "mov,mp4,m4a,3gp,3g2,mj2"
    codec_name: str  # "h264"
    width_px: int  # upright: after rotation
    height_px: int
    rotation_degrees: int  # clockwise turn that makes the picture upright: 0, 90, 180 or 270
    num_packets: int  # video packets that are to be shown; decoding may give fewer frames
    start_us: int  # presentation time of the first frame, microseconds
    end_us: int  # presentation time of the last frame, microseconds
    timestamps_estimated: bool  # the stream carries no times: they were made from its frame rate
    truncated_at_us: int | None  # the index promises more frames, but the bytes end here; None: nothing is missing
    cut_points: tuple[CutPoint, ...]  # rising in time; the first is the first frame
    recorded_at_text: str | None = None  # when it was recorded, as the file says; None: it says nothing

    @property
    def duration_seconds(self) -> float:
        """From the first frame's time to the last's."""
        return (self.end_us - self.start_us) / 1e6


@dataclass(frozen=True, kw_only=True)
class ChunkSpan:
    """A span of consecutive frames: the frame job. Holds every frame with start_us <= pts_us < end_us."""

    chunk_index: int  # 0-based, in time order
    start_us: int  # inclusive
    end_us: int  # exclusive
    first_frame_index: int  # frame_index of the span's first frame
    previous_pts_us: int | None  # presentation time of the frame before the span; None: the media starts here

    def __post_init__(self) -> None:
        if self.end_us <= self.start_us or self.first_frame_index < 0:
            raise ValueError(f"not a span of frames: {self}")


class StartedAt(Enum):
    """Where a media's wall clock may come from instead of a given time."""

    AS_FILE_SAYS = "file"  # the container's own record of when it was made


class DetectorKind(StrEnum):
    """How faces are found in video."""

    FAST = "fast"  # the cascade on key frames, faces followed between them
    EXACT = "exact"  # the cascade on every frame


@dataclass(frozen=True, kw_only=True)
class AnalysisParameters:
    """What, beside the media and the model, decides a job's rows. The same parameters give the same rows."""

    sample_rate_hz: float | None = None  # None: every frame
    min_face_px: int = 40  # smallest face height searched for, pixels of the source frame
    min_score: float = 0.8  # faces that the detector is less sure of are not stored; the detector itself stops at .7
    keep_landmarks: bool = False  # store the five points of each face
    detector: DetectorKind = DetectorKind.FAST

    def __post_init__(self) -> None:
        if self.sample_rate_hz is not None and not 0 < self.sample_rate_hz <= 1000:
            raise ValueError(f"sample_rate_hz must be above 0 and at most 1000, got {self.sample_rate_hz}")
        if not 20 <= self.min_face_px <= 2000:
            raise ValueError(f"min_face_px must be 20 to 2000, got {self.min_face_px}")
        if not 0 <= self.min_score <= 1:
            raise ValueError(f"min_score must be 0 to 1, got {self.min_score}")
