"""tests/unit/db/queue/test_progress.py on PostgreSQL."""

from tests.unit.db.queue.test_progress import *  # noqa: F403
