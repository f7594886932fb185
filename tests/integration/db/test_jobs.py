"""tests/unit/db/test_jobs.py on PostgreSQL."""

from tests.unit.db.test_jobs import *  # noqa: F403
