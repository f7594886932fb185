"""tests/unit/db/queue/test_roster.py on PostgreSQL."""

from tests.unit.db.queue.test_roster import *  # noqa: F403
