"""tests/unit/db/queue/test_control.py on PostgreSQL."""

from tests.unit.db.queue.test_control import *  # noqa: F403
