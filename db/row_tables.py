"""The tables of rows: what was seen in each frame, and its sums by the minute. The ledger's are in db/tables.py."""

from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.frames import FrameStatus
from db.tables import CLUSTERED, Table


class FrameTable(Table):
    """One sampled frame."""

    __tablename__ = "frame_row"
    __table_args__ = (
        ForeignKeyConstraint(["job_id", "chunk_index"], ["chunk.job_id", "chunk.chunk_index"]),
        CLUSTERED,
    )

    job_id: Mapped[str] = mapped_column(primary_key=True)
    frame_index: Mapped[int] = mapped_column(primary_key=True)
    chunk_index: Mapped[int]
    pts_us: Mapped[int]
    status: Mapped[FrameStatus]


class FaceTable(Table):
    """One face in one frame."""

    __tablename__ = "face_row"
    __table_args__: Any = (
        ForeignKeyConstraint(["job_id", "frame_index"], ["frame_row.job_id", "frame_row.frame_index"]),
        CLUSTERED,
    )

    job_id: Mapped[str] = mapped_column(primary_key=True)
    frame_index: Mapped[int] = mapped_column(primary_key=True)
    face_index: Mapped[int] = mapped_column(primary_key=True)
    pts_us: Mapped[int]  # the frame's, again: a timeline needs no join
    track: Mapped[int | None]
    x1: Mapped[float]
    y1: Mapped[float]
    x2: Mapped[float]
    y2: Mapped[float]
    score: Mapped[float]
    landmarks: Mapped[str | None]  # JSON [[x, y] x 5]: kept for drawing, never asked about, so one column and not ten
    p_angry: Mapped[float]
    p_disgust: Mapped[float]
    p_fear: Mapped[float]
    p_happy: Mapped[float]
    p_sad: Mapped[float]
    p_surprise: Mapped[float]
    p_neutral: Mapped[float]
    unreadable: Mapped[float]
    abstained: Mapped[bool]
    face_px: Mapped[float]
    blur: Mapped[float]


class FrameRollupTable(Table):
    """Sampled frames of a chunk within a minute, counted (core.rollups)."""

    __tablename__ = "frame_rollup"
    __table_args__ = CLUSTERED

    job_id: Mapped[str] = mapped_column(ForeignKey("job.id"), primary_key=True)
    first_us: Mapped[int] = mapped_column(primary_key=True)  # chunks do not overlap, so no other cell begins here
    last_us: Mapped[int]
    num_frames: Mapped[int]
    num_face_frames: Mapped[int]
    num_rejected_frames: Mapped[int]
    num_undecodable_frames: Mapped[int]


class FaceRollupTable(Table):
    """Counted readings of a track within a minute of a chunk, summed (core.rollups)."""

    __tablename__ = "face_rollup"
    __table_args__ = CLUSTERED

    job_id: Mapped[str] = mapped_column(ForeignKey("job.id"), primary_key=True)
    first_us: Mapped[int] = mapped_column(primary_key=True)
    track: Mapped[int] = mapped_column(primary_key=True)
    last_us: Mapped[int]
    num_faces: Mapped[int]
    p_angry: Mapped[float]  # these are sums
    p_disgust: Mapped[float]
    p_fear: Mapped[float]
    p_happy: Mapped[float]
    p_sad: Mapped[float]
    p_surprise: Mapped[float]
    p_neutral: Mapped[float]
