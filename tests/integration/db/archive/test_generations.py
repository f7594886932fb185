"""tests/unit/db/archive/test_generations.py on PostgreSQL."""

from tests.unit.db.archive.test_generations import *  # noqa: F403
