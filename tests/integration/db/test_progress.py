"""tests/unit/db/test_progress.py on PostgreSQL."""

from tests.unit.db.test_progress import *  # noqa: F403
