"""tests/unit/db/test_control.py on PostgreSQL."""

from tests.unit.db.test_control import *  # noqa: F403
