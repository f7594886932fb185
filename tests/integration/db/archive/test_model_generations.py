"""tests/unit/db/archive/test_model_generations.py on PostgreSQL."""

from tests.unit.db.archive.test_model_generations import *  # noqa: F403
