"""tests/unit/db/test_audit.py on PostgreSQL."""

from tests.unit.db.test_audit import *  # noqa: F403
