"""Rollups: sums of rows by the minute, so that timelines of months need not read every frame."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_PROBS = ("p_angry", "p_disgust", "p_fear", "p_happy", "p_sad", "p_surprise", "p_neutral")


def upgrade() -> None:
    """Add the tables. Generations that were finished before have no rollup, and are read row by row."""
    op.create_table(
        "frame_rollup",
        sa.Column("job_id", sa.Text(), sa.ForeignKey("job.id"), primary_key=True),
        sa.Column("first_us", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("last_us", sa.BigInteger(), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("num_frames", "num_face_frames", "num_rejected_frames", "num_undecodable_frames")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "face_rollup",
        sa.Column("job_id", sa.Text(), sa.ForeignKey("job.id"), primary_key=True),
        sa.Column("first_us", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("track", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("last_us", sa.BigInteger(), nullable=False),
        sa.Column("num_faces", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in _PROBS),
        sqlite_with_rowid=False,
    )
