"""tests/unit/db/people/test_track_rollups.py on PostgreSQL."""

from tests.unit.db.people.test_track_rollups import *  # noqa: F403
