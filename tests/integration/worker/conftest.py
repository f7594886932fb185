"""Both databases, for what must hold on each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.store import open_store, upgrade_store
from tests.servers import PostgresServer


@pytest.fixture(params=["sqlite", "postgresql"])
def any_store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty store with its tables."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'pool.db'}"
        open_store(url).close()
        yield url
        return
    server: PostgresServer = request.getfixturevalue("postgresql")
    name = server.create_database()
    upgrade_store(server.url_of(name))
    yield server.url_of(name)
    server.drop_database(name)
