"""The database's clock speaks Unix seconds on every database."""

import time

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import postgresql

from db.clock import database_seconds
from db.store import Store


def test_sqlite_gives_unix_seconds_with_a_fraction(store: Store):
    with store.reading() as connection:
        assert connection.scalar(select(database_seconds())) == pytest.approx(time.time(), abs=5)


def test_postgresql_is_asked_for_the_time_now_not_of_the_transaction():
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    assert "extract(epoch from clock_timestamp())" in str(select(database_seconds()).compile(dialect=dialect))
