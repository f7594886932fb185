"""tests/unit/db/timelines/test_frame_pages.py on PostgreSQL."""

from tests.unit.db.timelines.test_frame_pages import *  # noqa: F403
