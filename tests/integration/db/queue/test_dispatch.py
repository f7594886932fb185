"""tests/unit/db/queue/test_dispatch.py on PostgreSQL."""

from tests.unit.db.queue.test_dispatch import *  # noqa: F403
