"""tests/unit/db/test_roster.py on PostgreSQL."""

from tests.unit.db.test_roster import *  # noqa: F403
