"""tests/unit/db/queue/test_ledger_concurrency.py on PostgreSQL."""

from tests.unit.db.queue.test_ledger_concurrency import *  # noqa: F403
