"""tests/unit/db/people/test_audit.py on PostgreSQL."""

from tests.unit.db.people.test_audit import *  # noqa: F403
