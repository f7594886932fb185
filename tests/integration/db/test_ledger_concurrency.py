"""tests/unit/db/test_ledger_concurrency.py on PostgreSQL."""

from tests.unit.db.test_ledger_concurrency import *  # noqa: F403
