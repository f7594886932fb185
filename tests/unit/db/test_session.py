"""Opening stores: SQLite made safe, and one clear line when the machine is in the way."""

import sqlite3
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core.errors import EnvironmentFault, InputError
from db.session import parse_url
from db.store import Store, open_existing_store, open_store


def test_sqlite_is_opened_for_many_processes_and_power_cuts(store: Store):
    pragmas = ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
    with store.reading() as connection:
        values = [connection.scalar(text(f"PRAGMA {name}")) for name in pragmas]
    assert values == ["wal", 1, 2, 30_000]  # 2: FULL


def test_writer_holds_the_lock_from_the_start_and_readers_do_not_wait(store: Store):
    begun = []
    from sqlalchemy import event

    event.listen(store.engine, "before_cursor_execute", lambda *args: begun.append(args[2]))
    with store.writing() as connection:
        connection.execute(text("SELECT 1"))
        with store.reading() as reader:
            reader.execute(text("SELECT count(*) FROM media"))
    assert [statement for statement in begun if statement.startswith("BEGIN")] == ["BEGIN IMMEDIATE", "BEGIN"]


def test_opening_waits_while_another_process_makes_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "new.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")  # SQLite refuses the switch to WAL now, without regard to the busy timeout
    waits = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        other.execute("ROLLBACK")

    monkeypatch.setattr("time.sleep", wait)
    open_store(f"sqlite:///{path}").close()
    assert len(waits) == 1


def test_rows_of_unknown_jobs_are_refused(store: Store):
    with pytest.raises(IntegrityError), store.writing() as connection:
        connection.execute(text("INSERT INTO frame_row VALUES ('no job', 0, 0, 0, 'face')"))


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("moodline.db", "not a store URL: 'moodline.db'; write it like sqlite:///moodline.db"),
        ("mysql://user:secret@host/db", "unknown kind of store 'mysql'"),
        ("sqlite://", "a store must be a file"),
        ("sqlite:///:memory:", "a store must be a file"),
    ],
)
def test_wrong_url_is_an_input_error_that_shows_how_to_write_one(url: str, message: str):
    with pytest.raises(InputError) as caught:
        open_store(url)
    assert message in str(caught.value)
    assert "secret" not in str(caught.value)


def test_postgresql_is_opened_with_psycopg():
    assert parse_url("postgresql://user@host/name").drivername == "postgresql+psycopg"


def test_missing_directory_is_one_clear_line(tmp_path: Path):
    with pytest.raises(InputError, match="cannot open the file; does its directory exist"):
        open_store(f"sqlite:///{tmp_path / 'nowhere' / 'moodline.db'}")


def test_directory_in_place_of_a_file_is_one_clear_line(tmp_path: Path):
    with pytest.raises(InputError, match="cannot open the file"):
        open_store(f"sqlite:///{tmp_path}")


def test_file_that_is_no_database_is_one_clear_line(tmp_path: Path):
    path = tmp_path / "notes.txt"
    path.write_text("This is not a database, but it is long enough to be looked at as one. " * 20)
    with pytest.raises(InputError, match="is not a Moodline store"):
        open_store(f"sqlite:///{path}")


def test_full_disk_is_one_clear_line_and_loses_nothing(store: Store):
    with store.writing() as connection:
        connection.execute(text("INSERT INTO model_version VALUES ('kept', 'kept', '', '')"))

    def fill() -> None:
        with store.writing() as connection:
            connection.execute(text("PRAGMA max_page_count = 30"))
            connection.execute(
                text("INSERT INTO model_version VALUES ('big', 'big', '', :card)"), {"card": "x" * 10**6}
            )

    with pytest.raises(EnvironmentFault, match=r"moodline\.db: the disk is full; free some space"):
        fill()
    with store.reading() as connection:
        assert connection.scalars(text("SELECT id FROM model_version")).all() == ["kept"]


def test_reading_a_store_that_is_not_there_does_not_create_it(tmp_path: Path):
    path = tmp_path / "mistyped.db"
    with pytest.raises(InputError, match="there is no store at"):
        open_existing_store(f"sqlite:///{path}")
    assert not path.exists()


def test_existing_store_is_opened(store_url: str):
    open_existing_store(store_url).close()


def test_postgresql_without_its_driver_names_the_package(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(
        EnvironmentFault, match=r"PostgreSQL needs the package psycopg: pip install 'psycopg\[binary\]'"
    ):
        open_store("postgresql://user@host/name")
