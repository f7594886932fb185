"""tests/unit/db/queue/test_work_in_hand.py on PostgreSQL."""

from tests.unit.db.queue.test_work_in_hand import *  # noqa: F403
