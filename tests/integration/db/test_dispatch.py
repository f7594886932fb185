"""tests/unit/db/test_dispatch.py on PostgreSQL."""

from tests.unit.db.test_dispatch import *  # noqa: F403
