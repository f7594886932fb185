"""Migrations make the tables that the code expects, once, and only where they are needed."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, text

from core.errors import EnvironmentFault
from db import (
    row_tables,  # noqa: F401 - they belong to the metadata
    subject_tables,  # noqa: F401 - they belong to the metadata
    track_tables,  # noqa: F401 - they belong to the metadata
)
from db.schema import HEAD, SchemaState, alembic_config, migrate, schema_state
from db.session import connect, parse_url, writing
from db.store import Store, open_store, upgrade_store
from db.tables import Table

pytestmark = pytest.mark.thorough


@pytest.fixture
def migrated(bare_url: str) -> Iterator[Engine]:
    """A store that went through every migration, as one that is as old as Moodline did."""
    engine = connect(parse_url(bare_url))
    with writing(engine) as connection:
        migrate(connection)
    yield engine
    engine.dispose()


def describe(index: Mapping[str, Any]) -> str:
    """An index with the condition of its rows written out."""
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return f"{index['name']} on {index['column_names']}, unique: {bool(index['unique'])}, {options}"


def shape(engine: Engine) -> dict[str, object]:
    """Everything that a database knows of its tables, but the order of columns and the values for rows of before."""
    of = inspect(engine)
    return {
        name: (
            {column["name"]: (str(column["type"]), column["nullable"]) for column in of.get_columns(name)},
            of.get_pk_constraint(name)["constrained_columns"],
            sorted(map(str, of.get_foreign_keys(name))),
            sorted(map(str, of.get_unique_constraints(name))),
            sorted(map(describe, of.get_indexes(name))),
            sorted(map(str, of.get_check_constraints(name))),
        )
        for name in of.get_table_names()
    }


def test_a_new_store_is_what_the_migrations_make(store: Store, migrated: Engine):
    assert shape(store.engine) == shape(migrated)
    assert schema_state(store.engine) is schema_state(migrated) is SchemaState.CURRENT


def test_migrations_and_tables_agree(store: Store, migrated: Engine):  # noqa: ARG001 - on PostgreSQL too
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []


def test_migrated_tables_are_clustered_like_the_declared_ones(migrated: Engine):
    with migrated.connect() as connection:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")).all()
    clustered = {name for name, sql in rows if "WITHOUT ROWID" in sql}
    declared = {
        table.name for table in Table.metadata.tables.values() if table.dialect_options["sqlite"]["with_rowid"] is False
    }
    assert clustered == declared == {"chunk", "frame_row", "face_row", "frame_rollup", "face_rollup"}


def test_head_constant_is_alembics_head():
    from alembic.script import ScriptDirectory

    assert ScriptDirectory.from_config(alembic_config()).get_current_head() == HEAD


def test_new_file_becomes_a_store_and_opens_again(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'new.db'}"
    open_store(url).close()
    store = open_store(url)
    assert schema_state(store.engine) is SchemaState.CURRENT
    store.close()


@pytest.mark.parametrize("what", ["current", "new"])
def test_opening_a_store_does_not_import_alembic(store_url: str, tmp_path: Path, what: str):
    url = store_url if what == "current" else f"sqlite:///{tmp_path / 'new.db'}"
    code = f"import sys; from db.store import open_store; open_store({url!r}); print('alembic' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


def set_version(url: str, version: str) -> None:
    store = open_store(url)
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    store.close()


def test_store_of_a_newer_moodline_is_left_alone(store_url: str):
    set_version(store_url, "9999")
    for opening in (open_store, upgrade_store):
        with pytest.raises(EnvironmentFault, match="made by a newer Moodline"):
            opening(store_url)


def test_older_store_names_the_command_that_upgrades_it(store_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("db.schema.HEAD", "9998")
    with pytest.raises(EnvironmentFault, match="has older tables: run `moodline db upgrade") as raised:
        open_store(store_url)
    assert store_url.startswith("postgresql") or f"db upgrade --db {store_url}`" in str(raised.value)


def test_database_of_another_program_is_left_alone(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'other.db'}"
    engine = connect(parse_url(url))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE contacts (name TEXT)"))
    engine.dispose()
    for opening in (open_store, upgrade_store):
        with pytest.raises(EnvironmentFault, match="tables of another program"):
            opening(url)


def test_upgrade_tells_what_it_found(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'new.db'}"
    assert upgrade_store(url) is SchemaState.EMPTY
    assert upgrade_store(url) is SchemaState.CURRENT


def open_and_close(url: str) -> None:
    open_store(url).close()


def test_processes_that_open_a_new_store_together_all_succeed(processes: Executor, tmp_path: Path):
    for attempt in range(2):
        url = f"sqlite:///{tmp_path / f'new {attempt}.db'}"
        list(processes.map(open_and_close, [url] * 4))
