"""tests/unit/db/test_session.py on PostgreSQL."""

from tests.unit.db.test_session import *  # noqa: F403
