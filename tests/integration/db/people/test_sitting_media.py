"""tests/unit/db/people/test_sitting_media.py on PostgreSQL."""

from tests.unit.db.people.test_sitting_media import *  # noqa: F403
