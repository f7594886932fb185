"""A fresh SQLite store for each test, copied from one that was made once."""

import shutil
from pathlib import Path

import pytest

from db.store import open_store


@pytest.fixture(scope="session")
def empty_store_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "empty.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def store_url(empty_store_file: Path, tmp_path: Path) -> str:
    path = tmp_path / "moodline.db"
    shutil.copy(empty_store_file, path)
    return f"sqlite:///{path}"


@pytest.fixture
def bare_url(tmp_path: Path) -> str:
    """A database without a table."""
    return f"sqlite:///{tmp_path / 'bare.db'}"
