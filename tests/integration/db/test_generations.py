"""tests/unit/db/test_generations.py on PostgreSQL."""

from tests.unit.db.test_generations import *  # noqa: F403
