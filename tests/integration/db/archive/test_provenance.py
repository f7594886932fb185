"""tests/unit/db/archive/test_provenance.py on PostgreSQL."""

from tests.unit.db.archive.test_provenance import *  # noqa: F403
