"""The media of a person's sittings: in order of time, with the job that speaks, else the newest."""

from datetime import UTC, datetime

import pytest

from core.errors import InputError
from core.people.subjects import Appearance
from db.people.appearances import assign
from db.people.sitting_media import sitting_media
from db.people.studies import add_study
from db.people.subjects import add_subject
from db.states import JobState
from db.store import Store
from tests.factories import make_consent, make_model_version, make_request, make_study
from tests.stored_generations import store_generation, submit_generation

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def filmed(store: Store) -> Store:
    with store.writing() as connection:
        add_study(connection, make_study(), actor="test")
        for name in ("anna", "ben"):
            add_subject(connection, name, make_consent(), study_id="moods", group=None, actor="test")
    return store


def seen(session: str | None = None, subject: str = "anna") -> Appearance:
    return Appearance(subject_id=subject, session=session, condition="calm")


def test_media_are_told_by_time_with_their_sitting_and_state(filmed: Store):
    store_generation(filmed, make_request("late", started_at=NOON.replace(hour=15), appearance=seen("two")))
    store_generation(filmed, make_request("early", started_at=NOON, appearance=seen("one")))
    unknown = submit_generation(filmed, make_request("unknown", appearance=seen()))
    store_generation(filmed, make_request("others", started_at=NOON, appearance=seen("x", "ben")))
    with filmed.reading() as connection:
        found = sitting_media(connection, "anna")
    assert [(each.session, each.state) for each in found] == [
        ("one", JobState.DONE),
        ("two", JobState.DONE),
        (unknown.media_id, JobState.PENDING),
    ]
    first, _, last = found
    assert first.started_at == NOON
    assert first.ended_at is not None
    assert (first.ended_at - NOON).total_seconds() == pytest.approx(19.96)
    assert (last.started_at, last.ended_at) == (None, None)


def test_the_job_that_speaks_is_told_and_where_none_does_the_newest(filmed: Store):
    old = store_generation(filmed, make_request("clip", started_at=NOON, appearance=seen("one")))
    newer = make_request("clip", started_at=NOON, model_version=make_model_version("new", checkpoint="new"))
    submit_generation(filmed, newer)
    with filmed.reading() as connection:
        [found] = sitting_media(connection, "anna")
    assert (found.job_id, found.state) == (old.id, JobState.DONE)


def test_a_media_that_a_person_was_found_in_later_is_there(filmed: Store):
    job = store_generation(filmed, make_request("clip", started_at=NOON))
    with filmed.writing() as connection:
        assert sitting_media(connection, "anna") == []
        assign(connection, job.media_id, seen("one"), actor="test")
        assert [each.media_id for each in sitting_media(connection, "anna")] == [job.media_id]
        with pytest.raises(InputError, match="no subject zoe"):
            sitting_media(connection, "zoe")
