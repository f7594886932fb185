"""What was done is logged with it, and a log that was changed says where."""

import pytest
from sqlalchemy import delete, update

from db.people.audit import AuditAction, entries, first_broken, newest, record
from db.people.studies import add_study
from db.people.subjects import add_subject, get_subject, withdraw
from db.store import Store
from db.subject_tables import AuditTable
from tests.factories import make_consent, make_study


@pytest.fixture
def logged(store: Store) -> Store:
    """A store whose log has five entries."""
    with store.writing() as connection:
        add_study(connection, make_study(), actor="ada")
        add_subject(connection, "anna-of-room-7", make_consent(), study_id="moods", group=None, actor="ada")
        withdraw(connection, "anna-of-room-7", actor="ben")
        record(connection, AuditAction.TIMELINE_VIEWED, actor="çelik", about=None, bins="1d")
    return store


def test_what_was_done_is_logged_by_whom_and_to_whom(logged: Store):
    with logged.reading() as connection:
        key = get_subject(connection, "anna-of-room-7").key
        found = [(entry.number, entry.actor, entry.action, entry.about) for entry in entries(connection)]
        assert first_broken(connection) is None
    assert found == [
        (0, "ada", "study added", "moods"),
        (1, "ada", "subject added", key),
        (2, "ada", "consent given", key),
        (3, "ben", "consent withdrawn", key),
        (4, "çelik", "timeline viewed", None),
    ]


def test_the_log_never_names_a_subject_by_its_pseudonym(logged: Store):
    with logged.reading() as connection:
        assert not any("anna" in repr(entry) for entry in entries(connection))


@pytest.mark.parametrize("column", ["actor", "action", "about", "detail", "digest", "at"])
def test_a_changed_entry_is_found(logged: Store, column: str):
    value = make_consent().given_at if column == "at" else "someone else"
    with logged.writing() as connection:
        connection.execute(update(AuditTable).where(AuditTable.number == 2).values({column: value}))
        assert first_broken(connection) == 2


def test_a_removed_entry_is_found(logged: Store):
    with logged.writing() as connection:
        connection.execute(delete(AuditTable).where(AuditTable.number == 1))
        assert first_broken(connection) == 1


def test_a_log_that_was_cut_off_has_another_newest_digest(logged: Store):
    with logged.writing() as connection:
        kept = newest(connection)
        connection.execute(delete(AuditTable).where(AuditTable.number == 4))
        cut = newest(connection)
        assert first_broken(connection) is None
    assert kept is not None
    assert cut is not None
    assert kept.digest != cut.digest


def test_a_log_without_entries_is_whole(store: Store):
    with store.reading() as connection:
        assert first_broken(connection) is None
        assert newest(connection) is None
