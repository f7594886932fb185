"""tests/unit/db/test_clock.py on PostgreSQL."""

from tests.unit.db.test_clock import *  # noqa: F403
