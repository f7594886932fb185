"""tests/unit/db/people/test_histories.py on PostgreSQL."""

from tests.unit.db.people.test_histories import *  # noqa: F403
