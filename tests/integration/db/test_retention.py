"""tests/unit/db/test_retention.py on PostgreSQL."""

from tests.unit.db.test_retention import *  # noqa: F403
