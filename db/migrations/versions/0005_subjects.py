"""Studies, subjects with their consents, who appears in which media, what was erased, and the audit log."""

import sqlalchemy as sa
from alembic import op

from db.tables import UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "study",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("controller", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("exemption", sa.String(16)),
        sa.Column("reason", sa.Text()),
        sa.Column("retention_days", sa.BigInteger()),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "subject",
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), nullable=False, unique=True),
        sa.Column("study_id", sa.Text(), sa.ForeignKey("study.id"), nullable=False, index=True),
        sa.Column("group_name", sa.Text()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "consent",
        sa.Column("subject_key", sa.Text(), sa.ForeignKey("subject.key"), primary_key=True),
        sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("covers_identity", sa.Boolean(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("until_at", UtcDateTime()),
        sa.Column("withdrawn_at", UtcDateTime()),
    )
    op.create_table(
        "appearance",
        sa.Column("media_id", sa.Text(), sa.ForeignKey("media.id"), primary_key=True),
        sa.Column("subject_key", sa.Text(), sa.ForeignKey("subject.key"), primary_key=True, index=True),
        sa.Column("session", sa.Text()),
        sa.Column("condition", sa.Text()),
    )
    op.create_table(
        "baseline",
        sa.Column("subject_key", sa.Text(), sa.ForeignKey("subject.key"), primary_key=True),
        sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("estimates", sa.Text(), nullable=False),
        sa.Column("num_sessions", sa.BigInteger(), nullable=False),
        sa.Column("num_readings", sa.BigInteger(), nullable=False),
        sa.Column("model_versions", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "subject_file",
        sa.Column("subject_key", sa.Text(), sa.ForeignKey("subject.key"), primary_key=True),
        sa.Column("path", sa.Text(), primary_key=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "tombstone",
        sa.Column("digest", sa.Text(), primary_key=True),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("about", sa.Text()),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
    )
