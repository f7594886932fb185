"""tests/unit/db/queue/test_overview.py on PostgreSQL."""

from tests.unit.db.queue.test_overview import *  # noqa: F403
