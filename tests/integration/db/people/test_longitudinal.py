"""tests/unit/db/people/test_longitudinal.py on PostgreSQL."""

from tests.unit.db.people.test_longitudinal import *  # noqa: F403
