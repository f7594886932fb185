"""tests/unit/db/test_ledger.py on PostgreSQL."""

from tests.unit.db.test_ledger import *  # noqa: F403
