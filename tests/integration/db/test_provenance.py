"""tests/unit/db/test_provenance.py on PostgreSQL."""

from tests.unit.db.test_provenance import *  # noqa: F403
