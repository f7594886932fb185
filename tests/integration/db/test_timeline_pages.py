"""tests/unit/db/test_timeline_pages.py on PostgreSQL."""

from tests.unit.db.test_timeline_pages import *  # noqa: F403
