"""tests/unit/db/people/test_subjects.py on PostgreSQL."""

from tests.unit.db.people.test_subjects import *  # noqa: F403
