"""What PostgreSQL alone can do to a store: be away, crash, and let many write at once."""

from concurrent.futures import Executor

import pytest
from sqlalchemy import Connection, text

from core.errors import EnvironmentFault
from db.jobs import list_jobs
from db.observations import insert_frames
from db.queue import ledger
from db.queue.control import cancel
from db.schema import SchemaState, schema_state
from db.session import connect, parse_url
from db.store import Store, open_store, upgrade_store
from db.submission import submit
from tests.factories import make_frame_observation, make_request
from tests.servers import PostgresServer


def num_jobs(connection: Connection) -> int:
    return len(list_jobs(connection))


def test_server_that_is_away_is_one_clear_line_without_the_password():
    with pytest.raises(EnvironmentFault, match="cannot reach the server") as caught:
        open_store("postgresql://user:secret@127.0.0.1:1/name")
    assert "secret" not in str(caught.value)


def test_empty_database_becomes_a_store_only_when_asked(postgresql: PostgresServer):
    name = postgresql.create_database()
    url = postgresql.url_of(name)
    with pytest.raises(EnvironmentFault, match="has empty tables: run `moodline db upgrade"):
        open_store(url)
    assert upgrade_store(url) is SchemaState.EMPTY
    open_store(url).close()
    postgresql.drop_database(name)


def test_processes_that_upgrade_one_database_together_all_succeed(processes: Executor, postgresql: PostgresServer):
    name = postgresql.create_database()
    url = postgresql.url_of(name)
    list(processes.map(upgrade_store, [url] * 4))
    engine = connect(parse_url(url))
    assert schema_state(engine) is SchemaState.CURRENT
    engine.dispose()
    postgresql.drop_database(name)


def test_reader_does_not_wait_for_a_writer_and_sees_nothing_of_it(store: Store):
    with store.writing() as writer:
        submit(writer, make_request())
        with store.reading() as reader:
            assert num_jobs(reader) == 0
    with store.reading() as reader:
        assert num_jobs(reader) == 1


def test_reader_sees_one_state_of_the_store_however_long_it_reads(store: Store):
    with store.reading() as reader:
        assert num_jobs(reader) == 0
        with store.writing() as writer:
            submit(writer, make_request())
        assert num_jobs(reader) == 0


def test_rows_survive_a_crash_and_the_open_store_finds_the_server_again(store: Store, postgresql: PostgresServer):
    with store.writing() as connection:
        submit(connection, make_request())
    postgresql.restart_immediately()
    with store.reading() as connection:
        assert num_jobs(connection) == 1


def test_crash_within_a_transaction_is_one_clear_line_and_leaves_nothing(store: Store, postgresql: PostgresServer):
    def crash_half_way() -> None:
        with store.writing() as connection:
            submit(connection, make_request())
            postgresql.restart_immediately()
            connection.execute(text("SELECT 1"))

    with pytest.raises(EnvironmentFault, match="cannot reach the server"):
        crash_half_way()
    with store.reading() as connection:
        assert num_jobs(connection) == 0


def test_nothing_is_stored_of_a_job_that_is_cancelled_while_its_chunk_is_committed(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    with store.writing() as connection:
        job = submit(connection, make_request()).job
        held = ledger.claim_next(connection, job.id, lease_owner="a", lease_seconds=60)
        assert held is not None

    def insert_and_let_somebody_cancel(*arguments: object) -> None:
        insert_frames(*arguments)  # type: ignore[arg-type]
        with store.writing() as other:
            assert cancel(other, job.id)

    monkeypatch.setattr(ledger, "insert_frames", insert_and_let_somebody_cancel)
    with pytest.raises(ledger.Fenced, match="was cancelled while chunk 0"), store.writing() as connection:
        ledger.commit_chunk(connection, held, [make_frame_observation()])
    with store.reading() as connection:
        assert connection.scalar(text("SELECT count(*) FROM frame_row")) == 0
