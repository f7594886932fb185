"""tests/unit/db/archive/test_owned.py on PostgreSQL."""

from tests.unit.db.archive.test_owned import *  # noqa: F403
