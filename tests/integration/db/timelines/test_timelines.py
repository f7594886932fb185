"""tests/unit/db/timelines/test_timelines.py on PostgreSQL."""

from tests.unit.db.timelines.test_timelines import *  # noqa: F403
