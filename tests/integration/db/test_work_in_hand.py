"""tests/unit/db/test_work_in_hand.py on PostgreSQL."""

from tests.unit.db.test_work_in_hand import *  # noqa: F403
