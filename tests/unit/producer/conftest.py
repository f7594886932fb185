"""The store of db's tests, for what writes through it."""

from tests.unit.db.conftest import empty_store_file, store_url

__all__ = ["empty_store_file", "store_url"]
