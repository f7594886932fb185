"""tests/unit/db/test_subjects.py on PostgreSQL."""

from tests.unit.db.test_subjects import *  # noqa: F403
