"""The pool: queues, priorities and pauses of jobs, doorbells and fragments of chunks, cameras' gaps, workers."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what a pool of workers needs; jobs so far were worked off where they were submitted."""
    op.add_column("media", sa.Column("modified_ns", sa.BigInteger()))
    op.add_column("job", sa.Column("queue", sa.String(32), nullable=False, server_default="local"))
    op.add_column("job", sa.Column("priority", sa.BigInteger(), nullable=False, server_default="5"))
    op.add_column("job", sa.Column("is_paused", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("job", sa.Column("is_open", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("job", sa.Column("activates", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("chunk", sa.Column("num_source_frames", sa.BigInteger()))
    op.add_column("chunk", sa.Column("fragment_key", sa.Text()))
    op.add_column("chunk", sa.Column("published_at_seconds", sa.Double()))
    op.add_column("chunk", sa.Column("next_try_at_seconds", sa.Double()))
    op.add_column("chunk", sa.Column("finished_at_seconds", sa.Double()))
    _index_where("ix_job_unfinished", "job", ["queue", "priority", "created_at"], "finished_at IS NULL")
    _index_where("ix_chunk_waiting", "chunk", ["job_id", "chunk_index"], "state = 'pending'")
    _index_where("ix_chunk_published", "chunk", ["published_at_seconds"], "published_at_seconds IS NOT NULL")
    _index_where("ix_chunk_leased", "chunk", ["lease_until_seconds"], "lease_until_seconds IS NOT NULL")
    op.create_table(
        "submit_token",
        sa.Column("owner", sa.Text(), primary_key=True),
        sa.Column("token", sa.Text(), primary_key=True),
        sa.Column("job_id", sa.Text(), sa.ForeignKey("job.id"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "camera_gap",
        sa.Column("camera", sa.Text(), primary_key=True),
        sa.Column("from_at", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("until_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    op.create_table(
        "worker",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("queues", sa.Text(), nullable=False),
        sa.Column("num_slots", sa.BigInteger(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("seen_at_seconds", sa.Double(), nullable=False),
    )
    op.create_table(
        "leadership",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("until_seconds", sa.Double(), nullable=False),
    )


def _index_where(name: str, table: str, columns: list[str], condition: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))
