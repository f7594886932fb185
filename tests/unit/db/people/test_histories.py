"""Only what a consent covers now, and only media of one person, is learned from."""

from core.people.subjects import Appearance
from db.people.appearances import assign
from db.people.histories import histories
from db.people.subjects import withdraw
from db.store import Store
from tests.simulated_year import write_media
from tests.unit.db.people.test_study_media import WHEN, frames, with_people


def sessions(store: Store, study_id: str | None = None) -> list[str | None]:
    with store.reading() as connection:
        return sorted(str(each.subject_id) for each in histories(connection, study_id).media)


def test_a_studys_history_is_its_subjects_and_the_stores_is_all(store: Store):
    with_people(store)
    write_media(store, "nameless", WHEN, frames("happy", "sad"), None)
    assert sessions(store, "moods") == ["anna", "ben"]
    assert sessions(store) == ["None", "anna", "ben", "zoe"]


def test_nobody_is_learned_from_after_withdrawing(store: Store):
    with_people(store)
    with store.writing() as connection:
        withdraw(connection, "anna", actor="tester")
        found = histories(connection)
    assert sessions(store) == ["ben", "zoe"]
    assert (found.num_without_consent, found.num_shared) == (1, 0)


def test_media_of_several_people_are_left_out(store: Store):
    with_people(store)
    with store.writing() as connection:
        [anna] = [each for each in histories(connection).media if each.subject_id == "anna"]
        assign(connection, anna.media_id, Appearance(subject_id="zoe"), actor="tester")
        found = histories(connection, "moods")
    assert [each.subject_id for each in found.media] == ["ben"]
    assert found.num_shared == 1
