"""tests/unit/db/test_histories.py on PostgreSQL."""

from tests.unit.db.test_histories import *  # noqa: F403
