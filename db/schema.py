"""The version of a store's tables: read it, and bring it up to date. Alembic is imported only where it must act."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Column, Connection, Engine, MetaData, String, func, insert, inspect, select
from sqlalchemy import Table as CoreTable

from db.session import reading, writing

if TYPE_CHECKING:
    from alembic.config import Config

#: The newest revision in db/migrations/versions; a test holds it to Alembic's head.
HEAD: Final = "0007"

#: Where Alembic notes the revision of a store's tables.
_REVISION: Final = CoreTable("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))

#: The number by which upgrading processes find each other in PostgreSQL; any that no other program uses.
_UPGRADE_LOCK: Final = 0x6D6F6F64


class SchemaState(StrEnum):
    """How a store's tables relate to this code."""

    EMPTY = "empty"  # no table at all
    CURRENT = "current"  # what this code expects
    OLDER = "older"  # made by an earlier Moodline: `upgrade` brings it up to date
    NEWER = "newer"  # made by a later Moodline: this code must not touch it
    FOREIGN = "foreign"  # tables of something else


def schema_state(engine: Engine) -> SchemaState:
    """Return how the store's tables relate to this code."""
    with reading(engine) as connection:
        return _state(connection)


def upgrade(engine: Engine) -> None:
    """Bring the tables of an empty or older store up to date, all or nothing. Two at once: the second finds it done."""
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":  # SQLite lets only one write anyway
            connection.execute(select(func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
        state = _state(connection)
        if state is SchemaState.EMPTY:
            _create(connection)
        elif state is SchemaState.OLDER:
            migrate(connection)


def migrate(connection: Connection) -> None:
    """Run the migrations that a store has not seen yet."""
    from alembic import command  # 0.3 s that a store which is new or up to date must not cost

    command.upgrade(alembic_config(connection), "head")


def alembic_config(connection: Connection | None = None) -> "Config":
    """Return Alembic's configuration for the migrations inside this package, acting on `connection`."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _create(connection: Connection) -> None:
    """Make the newest tables at once; all migrations in turn come to the same, half a second of CPU later."""
    from db import (
        row_tables,  # noqa: F401 - they belong to the metadata
        subject_tables,  # noqa: F401 - they belong to the metadata
        track_tables,  # noqa: F401 - they belong to the metadata
    )
    from db.tables import Table

    Table.metadata.create_all(connection)
    _REVISION.create(connection)
    connection.execute(insert(_REVISION).values(version_num=HEAD))


def _state(connection: Connection) -> SchemaState:
    names = inspect(connection).get_table_names()
    if not names:
        return SchemaState.EMPTY
    if "alembic_version" not in names or "media" not in names:
        return SchemaState.FOREIGN
    version = connection.scalar(select(_REVISION.c.version_num))
    if version == HEAD:
        return SchemaState.CURRENT
    return SchemaState.OLDER if version in _known_revisions() else SchemaState.NEWER


def _known_revisions() -> set[str]:
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
