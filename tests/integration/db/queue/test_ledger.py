"""tests/unit/db/queue/test_ledger.py on PostgreSQL."""

from tests.unit.db.queue.test_ledger import *  # noqa: F403
