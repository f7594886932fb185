"""tests/unit/db/test_live.py on PostgreSQL."""

from tests.unit.db.test_live import *  # noqa: F403
