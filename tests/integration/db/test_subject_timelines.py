"""tests/unit/db/test_subject_timelines.py on PostgreSQL."""

from tests.unit.db.test_subject_timelines import *  # noqa: F403
