"""Nobody is analysed under a name without something that allows it now, and withdrawing stops at once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from core.errors import InputError
from core.people.subjects import Appearance
from db.jobs import get_job
from db.live import live
from db.people import audit
from db.people.appearances import appearances_in, assign, media_of_subject, remove
from db.people.studies import add_study, get_study, list_studies
from db.people.subjects import add_subject, cancel_expired, get_subject, give_consent, list_subjects, withdraw
from db.queue.ledger import Fenced, claim_next, commit_chunk, heartbeat
from db.records import JobRecord
from db.row_tables import FrameTable
from db.states import JobState
from db.store import Store
from db.subject_tables import ConsentTable
from db.submission import submit
from tests.camera_fakes import make_stretch
from tests.factories import make_consent, make_frame_observation, make_request, make_study

NOW = datetime.now(UTC)
IN_A_DAY = NOW + timedelta(days=1)
ANNA = Appearance(subject_id="anna", session="monday", condition="before")


@pytest.fixture
def subjects(store: Store) -> Store:
    """A store with a study and one subject of it, anna, whose consent holds."""
    with store.writing() as connection:
        add_study(connection, make_study(), actor="tester")
        add_subject(connection, "anna", make_consent(), study_id="moods", group="a", actor="tester")
    return store


def submit_for(store: Store, appearance: Appearance | None, **overrides: object) -> JobRecord:
    with store.writing() as connection:
        return submit(connection, make_request(appearance=appearance, **overrides)).job  # type: ignore[arg-type]


def num_jobs(store: Store) -> int:
    from db.jobs import list_jobs

    with store.reading() as connection:
        return len(list_jobs(connection))


def test_study_and_subject_come_back_as_they_were_given(subjects: Store):
    with subjects.reading() as connection:
        assert get_study(connection, "moods") == make_study()
        [anna] = list_subjects(connection, study_id="moods")
        assert (anna.id, anna.study_id, anna.group) == ("anna", "moods", "a")
        assert anna.consents == (make_consent(),)
        assert list_subjects(connection, study_id="other") == []


def test_an_id_is_given_once(subjects: Store):
    with subjects.writing() as connection:
        with pytest.raises(InputError, match="study moods is there already"):
            add_study(connection, make_study(), actor="tester")
        with pytest.raises(InputError, match="subject anna is there already"):
            add_subject(connection, "anna", make_consent(), study_id="moods", group=None, actor="tester")
    with subjects.reading() as connection:
        assert len(list_studies(connection)) == len(list_subjects(connection)) == 1


def test_a_subject_needs_a_study_that_is_there(subjects: Store):
    with subjects.writing() as connection, pytest.raises(InputError, match=r"no study other \(known: moods\)"):
        add_subject(connection, "ben", make_consent(), study_id="other", group=None, actor="tester")


def test_submitting_names_who_is_to_be_seen(subjects: Store):
    job = submit_for(subjects, ANNA, started_at=NOW)
    with subjects.reading() as connection:
        assert appearances_in(connection, job.media_id) == [ANNA]
        [found] = media_of_subject(connection, "anna")
        assert (found.media_id, found.session, found.condition) == (job.media_id, "monday", "before")


def test_submitting_for_nobody_known_stores_nothing(subjects: Store):
    with pytest.raises(InputError, match="no subject zoe"):
        submit_for(subjects, Appearance(subject_id="zoe"))
    assert num_jobs(subjects) == 0


@pytest.mark.parametrize(
    "consent",
    [
        {"given_at": NOW - timedelta(days=2), "until_at": NOW - timedelta(days=1)},
        {"given_at": IN_A_DAY},
        {"withdrawn_at": NOW - timedelta(days=1)},
    ],
    ids=["expired", "not yet", "withdrawn"],
)
def test_submitting_without_a_consent_that_holds_stores_nothing(subjects: Store, consent: dict[str, datetime]):
    with subjects.writing() as connection:
        add_subject(connection, "ben", make_consent(**consent), study_id="moods", group=None, actor="tester")
    with pytest.raises(InputError, match="subject ben: no consent or other basis holds now"):
        submit_for(subjects, Appearance(subject_id="ben"))
    assert num_jobs(subjects) == 0


def test_consent_is_asked_for_on_every_later_submit_too(subjects: Store):
    submit_for(subjects, ANNA)
    with subjects.writing() as connection:
        withdraw(connection, "anna", actor="tester")
    with pytest.raises(InputError, match="subject anna: no consent"):
        submit_for(subjects, None)  # the same media, without a name
    with subjects.writing() as connection:
        give_consent(connection, "anna", make_consent(version="2026-2", given_at=NOW), actor="tester")
    submit_for(subjects, None)


def test_a_new_consent_takes_the_place_of_an_expired_one(subjects: Store):
    with subjects.writing() as connection:
        expired = make_consent(until_at=datetime(2026, 2, 1, tzinfo=UTC))
        add_subject(connection, "ben", expired, study_id="moods", group=None, actor="tester")
        give_consent(connection, "ben", make_consent(version="2026-2"), actor="tester")
        holds = get_subject(connection, "ben").consent_at(NOW)
    assert holds is not None
    assert holds.version == "2026-2"


def test_a_term_that_ends_before_it_begins_is_refused(subjects: Store):
    backwards = make_consent(until_at=datetime(2025, 1, 1, tzinfo=UTC))
    with subjects.writing() as connection, pytest.raises(InputError, match="--until 2025-01-01 is not after"):
        give_consent(connection, "anna", backwards, actor="tester")


def test_withdrawing_stops_what_is_in_hand_and_no_row_comes_later(subjects: Store):
    job, other = submit_for(subjects, ANNA), submit_for(subjects, None, name="other")
    with subjects.writing() as connection:
        first = claim_next(connection, job.id, lease_owner="a", lease_seconds=60)
        second = claim_next(connection, job.id, lease_owner="b", lease_seconds=60)
        assert first is not None
        assert second is not None
        commit_chunk(connection, first, [make_frame_observation(pts_seconds=1.0)])
    with subjects.writing() as connection:
        assert withdraw(connection, "anna", actor="tester") == [job.id]
        assert not heartbeat(connection, second, lease_seconds=60)
    with subjects.writing() as connection, pytest.raises(Fenced):
        commit_chunk(connection, second, [make_frame_observation(pts_seconds=11.0)])
    with subjects.reading() as connection:
        assert get_job(connection, job.id).state is JobState.CANCELLED
        assert get_job(connection, other.id).state is JobState.PENDING
        assert connection.scalars(select(func.count()).select_from(FrameTable)).one() == 1
        assert get_subject(connection, "anna").consent_at(datetime.now(UTC)) is None


def test_a_consent_that_runs_out_stops_what_is_in_hand(subjects: Store):
    with subjects.writing() as connection:
        add_subject(connection, "ben", make_consent(until_at=IN_A_DAY), study_id="moods", group=None, actor="tester")
    job = submit_for(subjects, Appearance(subject_id="ben"))
    others = submit_for(subjects, ANNA, name="anna's"), submit_for(subjects, None, name="nobody's")
    with subjects.writing() as connection:
        held = claim_next(connection, job.id, lease_owner="a", lease_seconds=60)
        assert held is not None
        assert cancel_expired(connection) == []
        connection.execute(update(ConsentTable).where(ConsentTable.until_at.is_not(None)).values(until_at=NOW))
        assert cancel_expired(connection) == [job.id]
        assert cancel_expired(connection) == []
        newest = audit.newest(connection)
        assert newest is not None
        assert (newest.action, newest.about) == ("consent expired", get_subject(connection, "ben").key)
        assert [get_job(connection, other.id).state for other in others] == [JobState.PENDING] * 2
    with subjects.writing() as connection, pytest.raises(Fenced):
        commit_chunk(connection, held, [make_frame_observation(pts_seconds=1.0)])


def test_one_of_two_in_a_media_whose_consent_runs_out_is_enough(subjects: Store):
    with subjects.writing() as connection:
        add_subject(connection, "ben", make_consent(until_at=IN_A_DAY), study_id="moods", group=None, actor="tester")
    job = submit_for(subjects, ANNA)
    with subjects.writing() as connection:
        assign(connection, job.media_id, Appearance(subject_id="ben"), actor="tester")
        give_consent(connection, "anna", make_consent(version="2"), actor="tester")
        assert cancel_expired(connection) == []
        connection.execute(update(ConsentTable).where(ConsentTable.until_at.is_not(None)).values(until_at=NOW))
        assert cancel_expired(connection) == [job.id]


def test_a_camera_of_somebody_who_withdrew_begins_no_stretch(subjects: Store):
    stretch = make_stretch(appearance=Appearance(subject_id="anna"))
    with subjects.writing() as connection:
        assert live.begin_stretch(connection, stretch) is not None
        withdraw(connection, "anna", actor="tester")
    later = make_stretch(camera="side-door", appearance=Appearance(subject_id="anna"))
    with subjects.writing() as connection, pytest.raises(InputError, match="subject anna: no consent"):
        live.begin_stretch(connection, later)


def test_who_is_seen_can_be_corrected_and_taken_back(subjects: Store):
    job = submit_for(subjects, ANNA)
    with subjects.writing() as connection:
        assign(connection, job.media_id, Appearance(subject_id="anna", condition="after"), actor="tester")
        corrected = Appearance(subject_id="anna", session="monday", condition="after")
        assert appearances_in(connection, job.media_id) == [corrected]
        remove(connection, job.media_id, "anna", actor="tester")
        assert appearances_in(connection, job.media_id) == []
        with pytest.raises(InputError, match="subject anna is not assigned to it"):
            remove(connection, job.media_id, "anna", actor="tester")


def test_a_media_that_is_not_there_cannot_show_anybody(subjects: Store):
    with subjects.writing() as connection, pytest.raises(InputError, match="media 0000: is not in the store"):
        assign(connection, "0000", ANNA, actor="tester")
