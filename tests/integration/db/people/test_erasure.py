"""tests/unit/db/people/test_erasure.py on PostgreSQL."""

from tests.unit.db.people.test_erasure import *  # noqa: F403
