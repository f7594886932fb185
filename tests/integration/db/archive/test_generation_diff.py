"""tests/unit/db/archive/test_generation_diff.py on PostgreSQL."""

from tests.unit.db.archive.test_generation_diff import *  # noqa: F403
