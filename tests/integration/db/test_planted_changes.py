"""Five years with planted changes, written through the real write path, on both databases."""

from pathlib import Path

from db.store import Store, open_store
from tests.planted_changes import check_planted_changes


def test_planted_changes_are_found_on_postgresql(store: Store):
    check_planted_changes(store)


def test_planted_changes_are_found_on_sqlite(tmp_path: Path):
    store = open_store(f"sqlite:///{tmp_path / 'years.db'}")
    check_planted_changes(store)
    store.close()
