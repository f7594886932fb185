"""tests/unit/db/test_observations.py on PostgreSQL."""

from tests.unit.db.test_observations import *  # noqa: F403
