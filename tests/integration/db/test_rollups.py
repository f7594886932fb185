"""tests/unit/db/test_rollups.py on PostgreSQL."""

from tests.unit.db.test_rollups import *  # noqa: F403
