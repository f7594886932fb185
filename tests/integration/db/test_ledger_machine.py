"""tests/unit/db/test_ledger_machine.py on PostgreSQL."""

from tests.unit.db.test_ledger_machine import *  # noqa: F403
