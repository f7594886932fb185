"""tests/unit/db/live/test_live.py on PostgreSQL."""

from tests.unit.db.live.test_live import *  # noqa: F403
