"""The unit tests of db/ on PostgreSQL: the same functions, imported into files of the same names, with this store_url.

What takes no store has been tested there already. What is about SQLite itself is named here, with the reason.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import PostgresServer

FOLDER = Path(__file__).parent

ABOUT_SQLITE = {
    "test_sqlite_is_opened_for_many_processes_and_power_cuts": "asks for PRAGMAs",
    "test_writer_holds_the_lock_from_the_start_and_readers_do_not_wait": "PostgreSQL locks rows, not the store",
    "test_the_databases_files_hold_nothing_either": "reads the store's own file",
    "test_full_disk_is_one_clear_line_and_loses_nothing": "fills the disk by a PRAGMA",
    "test_long_bins_read_cells_by_key_and_no_row": "reads SQLite's plan",
    "test_a_minute_is_read_without_the_rest_of_the_year": "counts SQLite's steps",
    "test_migrated_tables_are_clustered_like_the_declared_ones": "WITHOUT ROWID exists in SQLite only",
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the imported tests that say nothing about PostgreSQL."""
    imported = [item for item in items if FOLDER in item.path.parents and _is_imported(item)]
    left_out = [item for item in imported if "store_url" not in _fixtures(item) or _name(item) in ABOUT_SQLITE]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def empty_database(postgresql: PostgresServer) -> str:
    """The name of a database whose tables were made once, for copying."""
    from db.store import upgrade_store

    name = postgresql.create_database()
    upgrade_store(postgresql.url_of(name))
    return name


@pytest.fixture
def store_url(postgresql: PostgresServer, empty_database: str) -> Iterator[str]:
    name = postgresql.create_database(template=empty_database)
    yield postgresql.url_of(name)
    postgresql.drop_database(name)


@pytest.fixture
def bare_url(postgresql: PostgresServer) -> Iterator[str]:
    """A database without a table."""
    name = postgresql.create_database()
    yield postgresql.url_of(name)
    postgresql.drop_database(name)


def _is_imported(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and item.function.__module__.startswith("tests.unit.")


def _fixtures(item: pytest.Item) -> list[str]:
    assert isinstance(item, pytest.Function)
    return item.fixturenames


def _name(item: pytest.Item) -> str:
    assert isinstance(item, pytest.Function)
    return item.function.__name__
