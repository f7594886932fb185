"""tests/unit/db/test_erasure.py on PostgreSQL."""

from tests.unit.db.test_erasure import *  # noqa: F403
