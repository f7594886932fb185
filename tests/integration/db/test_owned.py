"""tests/unit/db/test_owned.py on PostgreSQL."""

from tests.unit.db.test_owned import *  # noqa: F403
