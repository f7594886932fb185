"""tests/unit/db/test_track_decisions.py on PostgreSQL."""

from tests.unit.db.test_track_decisions import *  # noqa: F403
