"""A whole simulated year, 150 sittings of three people, bin by bin beside pandas, on both databases."""

from pathlib import Path

from db.store import Store, open_store
from tests.simulated_year import NUM_SITTINGS
from tests.unit.db.people.test_longitudinal import check_year


def test_whole_year_on_postgresql(store: Store):
    check_year(store, num_sittings=NUM_SITTINGS)


def test_whole_year_on_sqlite(tmp_path: Path):
    store = open_store(f"sqlite:///{tmp_path / 'year.db'}")
    check_year(store, num_sittings=NUM_SITTINGS)
    store.close()
