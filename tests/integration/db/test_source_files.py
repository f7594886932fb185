"""tests/unit/db/test_source_files.py on PostgreSQL."""

from tests.unit.db.test_source_files import *  # noqa: F403
