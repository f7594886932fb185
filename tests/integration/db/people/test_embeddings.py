"""tests/unit/db/people/test_embeddings.py on PostgreSQL."""

from tests.unit.db.people.test_embeddings import *  # noqa: F403
