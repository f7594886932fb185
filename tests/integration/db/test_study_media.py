"""tests/unit/db/test_study_media.py on PostgreSQL."""

from tests.unit.db.test_study_media import *  # noqa: F403
