"""tests/unit/db/tracks/test_decisions.py on PostgreSQL."""

from tests.unit.db.tracks.test_decisions import *  # noqa: F403
