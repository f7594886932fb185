"""tests/unit/db/test_model_generations.py on PostgreSQL."""

from tests.unit.db.test_model_generations import *  # noqa: F403
