"""What db gives and takes besides observations: frozen values, never rows or sessions."""

from dataclasses import dataclass
from datetime import datetime

from core.media import AnalysisParameters, ChunkSpan, MediaInfo
from core.people.subjects import Appearance
from db.states import ChunkState, JobQueue, JobState, MediaKind


@dataclass(frozen=True, kw_only=True)
class ModelVersion:
    """A checkpoint that speaks in rows."""

    id: str  # db.identity.model_version_id(name, sha256)
    name: str  # "small"
    sha256: str  # of the checkpoint file, lower-case hex
    card: str  # JSON: crop rule, temperature, figures


@dataclass(frozen=True, kw_only=True)
class AnalysisRequest:
    """What a user asks for: this media, this model, these parameters."""

    media: MediaInfo
    path: str  # where the media was seen
    started_at: datetime | None = None  # aware wall clock at pts 0; None: unknown
    spans: tuple[ChunkSpan, ...]  # the media cut into chunks, chunk_index 0, 1, 2 ...
    model_version: ModelVersion
    parameters: AnalysisParameters
    owner: str = "local"
    modified_ns: int | None = None  # the file's own time of change when it was probed; None: not looked at
    queue: JobQueue = JobQueue.LOCAL  # who is to work it off
    priority: int = 5  # 0 to 9, 9 first
    token: str | None = None  # the client's word for this request; None: the content alone says what is the same
    activates: bool = True  # over, its job speaks for the media; false: readers keep what they read until told
    fragment_keys: tuple[str, ...] = ()  # where each span's packets lie in Redis; empty: workers open the file
    appearance: Appearance | None = None  # who is to be seen in it; None: nobody is named, or was before

    def __post_init__(self) -> None:
        if not self.spans or [span.chunk_index for span in self.spans] != list(range(len(self.spans))):
            raise ValueError(f"expected spans with chunk_index 0, 1, 2 ..., got {self.spans}")
        if self.started_at is not None and self.started_at.tzinfo is None:
            raise ValueError(f"started_at must have a time zone, got {self.started_at!r}")
        if not 0 <= self.priority <= 9:
            raise ValueError(f"priority must be 0 to 9, got {self.priority}")
        if self.fragment_keys and len(self.fragment_keys) != len(self.spans):
            raise ValueError(f"{len(self.fragment_keys)} fragments for {len(self.spans)} spans")


@dataclass(frozen=True, kw_only=True)
class JobRecord:
    """A job as it stands."""

    id: str
    owner: str
    media_id: str
    model_version_id: str
    model_name: str
    parameters: AnalysisParameters
    run_number: int  # 0: the first submit; each forced one counts up
    queue: JobQueue
    priority: int  # 0 to 9, 9 first
    is_paused: bool
    is_open: bool  # a camera still adds chunks
    activates: bool  # over, it speaks for the media; false: only when told to, or where no other does
    state: JobState
    num_chunks: int
    num_chunks_done: int
    num_chunks_failed: int
    num_frames: int  # sampled frames committed
    num_face_frames: int  # of these, frames in which a face was found
    num_faces: int  # face rows committed, abstained ones too
    error_code: str | None  # of the first chunk with a fault; None: no fault, or not finished
    error_message: str | None
    created_at: datetime  # aware UTC
    finished_at: datetime | None  # aware UTC; None: not finished


@dataclass(frozen=True, kw_only=True)
class Submission:
    """The answer to a submit."""

    job: JobRecord
    created: bool  # false: the same request was submitted before, and this is its job


@dataclass(frozen=True, kw_only=True)
class MediaRecord:
    """A media as stored."""

    id: str
    sha256: str
    kind: MediaKind
    path: str  # of a file, as last seen; of a camera, its name
    size_bytes: int
    modified_ns: int | None  # the file's own time of change, as last seen; None: not looked at
    format_name: str
    codec_name: str
    width_px: int  # upright
    height_px: int
    rotation_degrees: int
    num_packets: int
    start_us: int  # presentation time of the first frame
    end_us: int  # presentation time of the last frame
    timestamps_estimated: bool
    truncated_at_us: int | None
    started_at: datetime | None  # aware UTC wall clock at pts 0; None: unknown
    created_at: datetime  # aware UTC

    @property
    def duration_seconds(self) -> float:
        """From the first frame's time to the last's."""
        return (self.end_us - self.start_us) / 1e6


@dataclass(frozen=True, kw_only=True)
class MediaSummary:
    """A line of the list of media."""

    media: MediaRecord
    num_jobs: int
    job: JobRecord | None  # the one whose rows are read: active, else newest unfinished; None: nothing to read


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Why frames are missing from a chunk, or all of it is."""

    code: str  # UPPER_CASE name that does not change: "WORKER_CRASHED"
    message: str  # one line for a person


@dataclass(frozen=True, kw_only=True)
class Claim:
    """The right to work on a chunk and to commit it, until the lease ends or another claims it."""

    job_id: str
    span: ChunkSpan
    fragment_key: str | None  # where its packets lie in Redis; None: in the media's file
    fence: int  # the claim's number: only the newest one may commit
    attempt: int  # 1 for the first try


@dataclass(frozen=True, kw_only=True)
class ChunkReference:
    """Which chunk a doorbell means: all that goes through the broker."""

    job_id: str
    chunk_index: int


@dataclass(frozen=True, kw_only=True)
class CameraStretch:
    """One unbroken stretch of a camera's stream as it begins."""

    camera: str  # the name that a person gave it; never its address
    started_at: datetime  # aware wall clock at pts 0
    start_us: int  # presentation time of its first picture, on the camera's own clock
    codec_name: str
    width_px: int  # upright
    height_px: int
    rotation_degrees: int
    model_version: ModelVersion
    parameters: AnalysisParameters
    owner: str = "local"
    priority: int = 5  # 0 to 9, 9 first
    appearance: Appearance | None = None  # who is to be seen; None: nobody is named

    def __post_init__(self) -> None:
        if self.started_at.tzinfo is None:
            raise ValueError(f"started_at must have a time zone, got {self.started_at!r}")


@dataclass(frozen=True, kw_only=True)
class CameraGap:
    """A stretch of time in which a camera gave nothing."""

    camera: str
    from_at: datetime  # aware UTC wall clock of the last picture before it
    until_at: datetime | None  # aware UTC wall clock of the first picture after it; None: not over
    reason: str  # one line, without the camera's address


@dataclass(frozen=True, kw_only=True)
class WorkerRecord:
    """A worker of the pool that has shown itself lately."""

    id: str  # host/pid/start, as in lease_owner
    queues: tuple[JobQueue, ...]
    num_slots: int  # chunks that it works on at once
    device: str
    seen_seconds_ago: float  # by the database's clock


@dataclass(frozen=True, kw_only=True)
class ChunkProblem:
    """A span whose rows are missing or incomplete, and why."""

    span: ChunkSpan
    state: ChunkState  # failed: no rows; done: committed with a fault
    fault: Fault
