"""What people decided about tracks, which are a subject's, and what enrolled faces look like."""

import sqlalchemy as sa
from alembic import op

from db.tables import UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "track_decision",
        sa.Column("job_id", sa.Text(), sa.ForeignKey("job.id"), primary_key=True),
        sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("tracks", sa.Text(), nullable=False),
        sa.Column("subject_key", sa.Text(), sa.ForeignKey("subject.key"), index=True),
        sa.Column("at_us", sa.BigInteger()),
        sa.Column("new_track", sa.BigInteger()),
        sa.Column("undoes", sa.BigInteger()),
        sa.Column("missing_chunks", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "subject_track",
        sa.Column("job_id", sa.Text(), sa.ForeignKey("job.id"), primary_key=True),
        sa.Column("track", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("first_us", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("last_us", sa.BigInteger(), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("person_track", sa.BigInteger(), nullable=False),
        sa.Column("subject_key", sa.Text(), sa.ForeignKey("subject.key"), nullable=False, index=True),
    )
    op.create_table(
        "subject_embedding",
        sa.Column("job_id", sa.Text(), sa.ForeignKey("job.id"), primary_key=True),
        sa.Column("person_track", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("weights_sha256", sa.Text(), primary_key=True),
        sa.Column("subject_key", sa.Text(), sa.ForeignKey("subject.key"), nullable=False, index=True),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
    )
