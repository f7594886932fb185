"""tests/unit/db/people/test_study_media.py on PostgreSQL."""

from tests.unit.db.people.test_study_media import *  # noqa: F403
