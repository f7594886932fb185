"""tests/unit/db/test_media.py on PostgreSQL."""

from tests.unit.db.test_media import *  # noqa: F403
