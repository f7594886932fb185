"""tests/unit/db/test_schema.py on PostgreSQL."""

from tests.unit.db.test_schema import *  # noqa: F403
