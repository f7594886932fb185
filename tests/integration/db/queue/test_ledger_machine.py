"""tests/unit/db/queue/test_ledger_machine.py on PostgreSQL."""

from tests.unit.db.queue.test_ledger_machine import *  # noqa: F403
