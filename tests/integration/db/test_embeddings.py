"""tests/unit/db/test_embeddings.py on PostgreSQL."""

from tests.unit.db.test_embeddings import *  # noqa: F403
