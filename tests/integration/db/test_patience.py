"""tests/unit/db/test_patience.py on PostgreSQL."""

from tests.unit.db.test_patience import *  # noqa: F403
