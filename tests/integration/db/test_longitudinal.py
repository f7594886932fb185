"""tests/unit/db/test_longitudinal.py on PostgreSQL."""

from tests.unit.db.test_longitudinal import *  # noqa: F403
