"""tests/unit/db/archive/test_media.py on PostgreSQL."""

from tests.unit.db.archive.test_media import *  # noqa: F403
