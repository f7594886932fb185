"""Exactly what is due goes: by each study's term, the longest of several, and nothing under a legal hold."""

from datetime import UTC, datetime, timedelta

import pytest

from core.errors import InputError
from core.people.subjects import Appearance
from db.archive.media import list_media
from db.people.appearances import assign
from db.people.retention import due_media, remove_due, stop_work
from db.people.studies import add_study, hold_study
from db.people.subjects import add_subject
from db.queue.ledger import Fenced, claim_next, commit_chunk
from db.store import Store
from db.submission import submit
from tests.factories import make_consent, make_frame_observation, make_request, make_study

pytestmark = pytest.mark.thorough

FILMED = datetime(2026, 1, 10, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def filmed(store: Store) -> Store:
    """Media of subjects whose studies keep rows for 10 days, for 30, and without a term; and one of nobody."""
    with store.writing() as connection:
        for study, days in (("short", 10), ("long", 30), ("open", None)):
            add_study(connection, make_study(id=study, retention_days=days), actor="tester")
            add_subject(connection, f"of-{study}", make_consent(), study_id=study, group=None, actor="tester")
            submit(connection, make_request(study, started_at=FILMED, appearance=Appearance(subject_id=f"of-{study}")))
        submit(connection, make_request("nobody", started_at=FILMED))
    return store


def due(store: Store, now: datetime) -> list[str]:
    with store.reading() as connection:
        return [media.path for media in due_media(connection, now)]


def apply(store: Store, now: datetime) -> None:
    with store.writing() as connection:
        stop_work(connection, due_media(connection, now))
    with store.writing() as connection:
        remove_due(connection, due_media(connection, now), actor="tester")


def left(store: Store) -> set[str]:
    with store.reading() as connection:
        return {summary.media.path for summary in list_media(connection)}


@pytest.mark.parametrize(
    ("after", "names"), [(10 * DAY - timedelta(seconds=1), []), (10 * DAY, ["short"]), (30 * DAY, ["short", "long"])]
)
def test_exactly_what_is_due_goes(filmed: Store, after: timedelta, names: list[str]):
    gone = {f"/videos/{name}.mp4" for name in names}
    before = left(filmed)
    assert set(due(filmed, FILMED + after)) == gone
    apply(filmed, FILMED + after)
    assert left(filmed) == before - gone


def test_a_media_of_two_is_kept_for_the_longer_term(filmed: Store):
    with filmed.writing() as connection:
        [media_id] = [each.media_id for each in due_media(connection, FILMED + 10 * DAY)]
        assign(connection, media_id, Appearance(subject_id="of-long"), actor="tester")
    assert due(filmed, FILMED + 29 * DAY) == []
    assert "/videos/short.mp4" in due(filmed, FILMED + 30 * DAY)
    with filmed.writing() as connection:
        assign(connection, media_id, Appearance(subject_id="of-open"), actor="tester")
    assert "/videos/short.mp4" not in due(filmed, FILMED + 3000 * DAY)


def test_nothing_under_a_legal_hold_goes(filmed: Store):
    with filmed.writing() as connection:
        hold_study(connection, "short", is_held=True, actor="tester")
    assert due(filmed, FILMED + 20 * DAY) == []
    with filmed.writing() as connection:
        hold_study(connection, "short", is_held=False, actor="tester")
        with pytest.raises(InputError, match="no study none"):
            hold_study(connection, "none", is_held=True, actor="tester")
    assert due(filmed, FILMED + 20 * DAY) == ["/videos/short.mp4"]


def test_a_media_of_unknown_time_counts_from_its_submit(store: Store):
    with store.writing() as connection:
        add_study(connection, make_study(retention_days=10), actor="tester")
        add_subject(connection, "anna", make_consent(), study_id="moods", group=None, actor="tester")
        submit(connection, make_request(appearance=Appearance(subject_id="anna")))
    now = datetime.now(UTC)
    assert due(store, now + 9 * DAY) == []
    assert len(due(store, now + 11 * DAY)) == 1


def test_a_worker_that_commits_late_finds_nothing(filmed: Store):
    with filmed.writing() as connection:
        job = submit(connection, make_request("short")).job
        held = claim_next(connection, job.id, lease_owner="a", lease_seconds=60)
        assert held is not None
    apply(filmed, FILMED + 10 * DAY)
    with filmed.writing() as connection, pytest.raises(Fenced):
        commit_chunk(connection, held, [make_frame_observation(1.0)])


def test_what_went_by_term_may_come_again(filmed: Store):
    apply(filmed, FILMED + 10 * DAY)
    with filmed.writing() as connection:
        assert submit(connection, make_request("short")).created
