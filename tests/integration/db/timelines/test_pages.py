"""tests/unit/db/timelines/test_pages.py on PostgreSQL."""

from tests.unit.db.timelines.test_pages import *  # noqa: F403
