"""tests/unit/db/timelines/test_rollups.py on PostgreSQL."""

from tests.unit.db.timelines.test_rollups import *  # noqa: F403
