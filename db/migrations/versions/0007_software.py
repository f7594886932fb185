"""What each chunk was analysed with: the versions of the programs that made its rows."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column; of chunks that were done before, nobody wrote it down."""
    op.add_column("chunk", sa.Column("software", sa.Text(), nullable=True))
