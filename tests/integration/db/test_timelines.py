"""tests/unit/db/test_timelines.py on PostgreSQL."""

from tests.unit.db.test_timelines import *  # noqa: F403
