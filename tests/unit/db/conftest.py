"""A fresh SQLite store for each test, copied from one that was migrated once."""

import shutil
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.pool import Pool
from pathlib import Path

import pytest

from db.store import Store, open_store


@pytest.fixture(scope="session")
def empty_store_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "empty.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def processes() -> Iterator[Pool]:
    """Four processes that share no connection with this one; imports are paid once."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["db.store", "db.ledger", "db.submission", "tests.factories"])
    with context.Pool(4) as pool:
        yield pool


@pytest.fixture
def store_url(empty_store_file: Path, tmp_path: Path) -> str:
    path = tmp_path / "moodline.db"
    shutil.copy(empty_store_file, path)
    return f"sqlite:///{path}"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    store = open_store(store_url)
    yield store
    store.close()
