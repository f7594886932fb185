"""tests/unit/db/test_submission.py on PostgreSQL."""

from tests.unit.db.test_submission import *  # noqa: F403
