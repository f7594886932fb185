"""tests/unit/db/archive/test_source_files.py on PostgreSQL."""

from tests.unit.db.archive.test_source_files import *  # noqa: F403
