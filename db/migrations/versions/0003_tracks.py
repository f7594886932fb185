"""Tracks: which faces of consecutive frames are one."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the track of each face; rows so far have none."""
    op.add_column("face_row", sa.Column("track", sa.BigInteger()))
