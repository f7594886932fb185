"""The first tables: media, model versions, jobs, chunks, frame and face rows."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "media",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("format_name", sa.Text(), nullable=False),
        sa.Column("codec_name", sa.Text(), nullable=False),
        sa.Column("width_px", sa.BigInteger(), nullable=False),
        sa.Column("height_px", sa.BigInteger(), nullable=False),
        sa.Column("rotation_degrees", sa.BigInteger(), nullable=False),
        sa.Column("num_packets", sa.BigInteger(), nullable=False),
        sa.Column("start_us", sa.BigInteger(), nullable=False),
        sa.Column("end_us", sa.BigInteger(), nullable=False),
        sa.Column("timestamps_estimated", sa.Boolean(), nullable=False),
        sa.Column("truncated_at_us", sa.BigInteger()),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("sha256"),
    )
    op.create_table(
        "model_version",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
    )
    _create_job_tables()
    _create_row_tables()


def _create_job_tables() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("media_id", sa.Text(), sa.ForeignKey("media.id"), nullable=False),
        sa.Column("model_version_id", sa.Text(), sa.ForeignKey("model_version.id"), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("run_number", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("num_chunks", sa.BigInteger(), nullable=False),
        sa.Column("num_chunks_done", sa.BigInteger(), nullable=False),
        sa.Column("num_chunks_failed", sa.BigInteger(), nullable=False),
        sa.Column("num_frames", sa.BigInteger(), nullable=False),
        sa.Column("num_face_frames", sa.BigInteger(), nullable=False),
        sa.Column("num_faces", sa.BigInteger(), nullable=False),
        sa.Column("error_code", sa.Text()),
        sa.Column("error_message", sa.Text()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("owner", "media_id", "model_version_id", "parameters", "run_number"),
    )
    op.create_index("ix_job_media_id", "job", ["media_id"])
    op.create_table(
        "active_generation",
        sa.Column("media_id", sa.Text(), sa.ForeignKey("media.id"), primary_key=True),
        sa.Column("job_id", sa.Text(), sa.ForeignKey("job.id"), nullable=False),
    )
    op.create_table(
        "chunk",
        sa.Column("job_id", sa.Text(), sa.ForeignKey("job.id"), primary_key=True),
        sa.Column("chunk_index", sa.BigInteger(), primary_key=True),
        sa.Column("start_us", sa.BigInteger(), nullable=False),
        sa.Column("end_us", sa.BigInteger(), nullable=False),
        sa.Column("first_frame_index", sa.BigInteger(), nullable=False),
        sa.Column("previous_pts_us", sa.BigInteger()),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("attempt", sa.BigInteger(), nullable=False),
        sa.Column("lease_owner", sa.Text()),
        sa.Column("lease_until_seconds", sa.Double()),
        sa.Column("num_frames", sa.BigInteger(), nullable=False),
        sa.Column("error_code", sa.Text()),
        sa.Column("error_message", sa.Text()),
        sqlite_with_rowid=False,
    )


def _create_row_tables() -> None:
    op.create_table(
        "frame_row",
        sa.Column("job_id", sa.Text(), primary_key=True),
        sa.Column("frame_index", sa.BigInteger(), primary_key=True),
        sa.Column("chunk_index", sa.BigInteger(), nullable=False),
        sa.Column("pts_us", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["job_id", "chunk_index"], ["chunk.job_id", "chunk.chunk_index"]),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "face_row",
        sa.Column("job_id", sa.Text(), primary_key=True),
        sa.Column("frame_index", sa.BigInteger(), primary_key=True),
        sa.Column("face_index", sa.BigInteger(), primary_key=True),
        sa.Column("pts_us", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in ("x1", "y1", "x2", "y2", "score")),
        sa.Column("landmarks", sa.Text()),
        sa.Column("p_angry", sa.Double(), nullable=False),
        sa.Column("p_disgust", sa.Double(), nullable=False),
        sa.Column("p_fear", sa.Double(), nullable=False),
        sa.Column("p_happy", sa.Double(), nullable=False),
        sa.Column("p_sad", sa.Double(), nullable=False),
        sa.Column("p_surprise", sa.Double(), nullable=False),
        sa.Column("p_neutral", sa.Double(), nullable=False),
        sa.Column("unreadable", sa.Double(), nullable=False),
        sa.Column("abstained", sa.Boolean(), nullable=False),
        sa.Column("face_px", sa.Double(), nullable=False),
        sa.Column("blur", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["job_id", "frame_index"], ["frame_row.job_id", "frame_row.frame_index"]),
        sqlite_with_rowid=False,
    )
