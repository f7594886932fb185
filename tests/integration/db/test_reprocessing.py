"""tests/unit/db/test_reprocessing.py on PostgreSQL."""

from tests.unit.db.test_reprocessing import *  # noqa: F403
