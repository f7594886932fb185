"""The tables, as SQLAlchemy knows them. A new store gets them at once, an older one by migrations; tests compare.

Keys are short texts made of content (db/identity.py). Times in a stream are whole microseconds.
"""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Double,
    Enum,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from core.frames import FrameStatus
from core.people.studies import Exemption, Purpose
from db.states import ChunkState, JobQueue, JobState, MediaKind

# Clustered by primary key: rows lie in frame order, with no second copy of the key in an index (file 16 % smaller).
CLUSTERED = {"sqlite_with_rowid": False}


def _index_where(name: str, *columns: str, condition: str) -> Index:
    """Index only the rows that are looked for: of millions of finished chunks, the few that are not."""
    return Index(name, *columns, sqlite_where=text(condition), postgresql_where=text(condition))


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime, on databases that keep time zones and on SQLite, which does not."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse naive times; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"expected a time with a time zone, got {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give back aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _state(states: type[StrEnum], *, length: int = 32) -> Enum:
    # Plain text with no CHECK: a new state must not need a rebuilt table.
    return Enum(
        states, native_enum=False, length=length, values_callable=lambda kind: [member.value for member in kind]
    )


class Table(DeclarativeBase):
    """Base of the tables."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as it stands
        str: Text(),
        int: BigInteger(),
        float: Double(),
        datetime: UtcDateTime(),
        JobState: _state(JobState),
        JobQueue: _state(JobQueue),
        MediaKind: _state(MediaKind, length=16),
        ChunkState: _state(ChunkState),
        FrameStatus: _state(FrameStatus),
        Purpose: _state(Purpose, length=16),
        Exemption: _state(Exemption, length=16),
    }


class MediaTable(Table):
    """A file of moving pictures, known by its content, or one unbroken stretch of a camera's stream."""

    __tablename__ = "media"

    id: Mapped[str] = mapped_column(primary_key=True)  # first 16 hex digits of sha256
    sha256: Mapped[str] = mapped_column(unique=True)  # of a file's bytes; of a stretch's camera and start
    kind: Mapped[MediaKind]
    path: Mapped[str]  # of a file, as last seen: for people, never opened on trust; of a camera, its name
    size_bytes: Mapped[int]
    modified_ns: Mapped[int | None]  # the file's own time of change, as last seen; None: not looked at
    format_name: Mapped[str]
    codec_name: Mapped[str]
    width_px: Mapped[int]
    height_px: Mapped[int]
    rotation_degrees: Mapped[int]
    num_packets: Mapped[int]
    start_us: Mapped[int]
    end_us: Mapped[int]
    timestamps_estimated: Mapped[bool]
    truncated_at_us: Mapped[int | None]
    started_at: Mapped[datetime | None]  # wall clock at pts 0; None: unknown
    created_at: Mapped[datetime]


class ModelVersionTable(Table):
    """A checkpoint that has spoken."""

    __tablename__ = "model_version"

    id: Mapped[str] = mapped_column(primary_key=True)  # name and 12 hex digits of sha256
    name: Mapped[str]
    sha256: Mapped[str]  # of the checkpoint file
    card: Mapped[str]  # JSON: crop rule, temperature, figures


class JobTable(Table):
    """One request to analyse a media with one model version and one set of parameters."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("owner", "media_id", "model_version_id", "parameters", "run_number"),
        _index_where("ix_job_unfinished", "queue", "priority", "created_at", condition="finished_at IS NULL"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    media_id: Mapped[str] = mapped_column(ForeignKey("media.id"), index=True)
    model_version_id: Mapped[str] = mapped_column(ForeignKey("model_version.id"))
    parameters: Mapped[str]  # JSON in canonical form
    run_number: Mapped[int]  # 0: the first submit; each forced one counts up
    queue: Mapped[JobQueue]
    priority: Mapped[int]  # 0 to 9, 9 first
    is_paused: Mapped[bool] = mapped_column(default=False)  # true: no chunk is claimed, those in hand are finished
    is_open: Mapped[bool] = mapped_column(default=False)  # true: a camera still adds chunks
    activates: Mapped[bool]  # true: over, it speaks for the media; false: only when told to, or where no other does
    state: Mapped[JobState] = mapped_column(default=JobState.PENDING)
    num_chunks: Mapped[int]
    num_chunks_done: Mapped[int] = mapped_column(default=0)
    num_chunks_failed: Mapped[int] = mapped_column(default=0)
    num_frames: Mapped[int] = mapped_column(default=0)  # sampled frames committed
    num_face_frames: Mapped[int] = mapped_column(default=0)  # of these, frames in which a face was found
    num_faces: Mapped[int] = mapped_column(default=0)  # face rows committed, abstained ones too
    error_code: Mapped[str | None]
    error_message: Mapped[str | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ActiveGenerationTable(Table):
    """Which job's rows speak for a media. A table of its own: media and job must not point at each other."""

    __tablename__ = "active_generation"

    media_id: Mapped[str] = mapped_column(ForeignKey("media.id"), primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("job.id"))


class ChunkTable(Table):
    """A span of consecutive frames: the unit of work, and who holds it."""

    __tablename__ = "chunk"
    __table_args__ = (
        _index_where("ix_chunk_waiting", "job_id", "chunk_index", condition="state = 'pending'"),
        _index_where("ix_chunk_published", "published_at_seconds", condition="published_at_seconds IS NOT NULL"),
        _index_where("ix_chunk_leased", "lease_until_seconds", condition="lease_until_seconds IS NOT NULL"),
        CLUSTERED,
    )

    job_id: Mapped[str] = mapped_column(ForeignKey("job.id"), primary_key=True)
    chunk_index: Mapped[int] = mapped_column(primary_key=True)
    start_us: Mapped[int]
    end_us: Mapped[int]
    first_frame_index: Mapped[int]
    previous_pts_us: Mapped[int | None]
    num_source_frames: Mapped[int | None]  # frames in its fragment, looked at or not; None: not a camera's
    fragment_key: Mapped[str | None]  # where its packets lie in Redis; None: in the media's file
    state: Mapped[ChunkState] = mapped_column(default=ChunkState.PENDING)
    fence: Mapped[int] = mapped_column(default=0)  # rises with every claim, never falls
    attempt: Mapped[int] = mapped_column(default=0)  # claims that ran or were lost; a released one is taken back
    lease_owner: Mapped[str | None]  # written and judged by the worker
    lease_until_seconds: Mapped[float | None]  # Unix seconds on the database's clock
    published_at_seconds: Mapped[float | None]  # when its doorbell was rung and no claim came yet; database's clock
    next_try_at_seconds: Mapped[float | None]  # not to be published before; None: at once
    finished_at_seconds: Mapped[float | None]  # when it was committed or given up; database's clock
    num_frames: Mapped[int] = mapped_column(default=0)
    software: Mapped[str | None]  # JSON: the versions of what made its rows; None: not done, or not written down then
    error_code: Mapped[str | None]  # failed: why; done: a fault that left frames out
    error_message: Mapped[str | None]


class SubmitTokenTable(Table):
    """A client's word for one request: the same token again gets the same job, whatever became of the first answer."""

    __tablename__ = "submit_token"

    owner: Mapped[str] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("job.id"))
    created_at: Mapped[datetime]


class CameraGapTable(Table):
    """A stretch of time in which a camera gave nothing. Nothing is interpolated over it."""

    __tablename__ = "camera_gap"

    camera: Mapped[str] = mapped_column(primary_key=True)
    from_at: Mapped[datetime] = mapped_column(primary_key=True)  # wall clock of the last picture before it
    until_at: Mapped[datetime | None]  # wall clock of the first picture after it; None: not over
    reason: Mapped[str]  # one line, without the camera's address


class WorkerTable(Table):
    """A worker of the pool that has shown itself lately."""

    __tablename__ = "worker"

    id: Mapped[str] = mapped_column(primary_key=True)  # host/pid/start, as in lease_owner
    queues: Mapped[str]  # "archive,live"
    num_slots: Mapped[int]  # chunks that it works on at once
    device: Mapped[str]
    seen_at_seconds: Mapped[float]  # Unix seconds on the database's clock


class LeadershipTable(Table):
    """Which of several equal processes does a thing that one should do."""

    __tablename__ = "leadership"

    name: Mapped[str] = mapped_column(primary_key=True)  # "dispatcher"
    holder: Mapped[str]
    until_seconds: Mapped[float]  # Unix seconds on the database's clock
