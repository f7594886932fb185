"""tests/unit/db/people/test_subject_timelines.py on PostgreSQL."""

from tests.unit.db.people.test_subject_timelines import *  # noqa: F403
