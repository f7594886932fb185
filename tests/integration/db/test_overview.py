"""tests/unit/db/test_overview.py on PostgreSQL."""

from tests.unit.db.test_overview import *  # noqa: F403
