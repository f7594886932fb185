"""tests/unit/db/people/test_retention.py on PostgreSQL."""

from tests.unit.db.people.test_retention import *  # noqa: F403
