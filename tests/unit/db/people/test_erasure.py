"""A person who is erased is gone: from every table, from the file, and from what comes later. Others keep every row."""

import dataclasses
import hashlib
from pathlib import Path

import pytest
from sqlalchemy import MetaData, func, select

from core.errors import InputError
from core.people.subjects import Appearance
from db.compaction import compact
from db.observations import stream_frames
from db.people import audit
from db.people.appearances import assign
from db.people.erasure import erase_subject, find_erased, note_file
from db.people.studies import add_study
from db.people.subjects import add_subject, get_subject, list_subjects, withdraw
from db.queue.ledger import Fenced, claim_next, commit_chunk
from db.records import Claim, JobRecord
from db.row_tables import FaceTable
from db.store import Store
from db.submission import submit
from tests.factories import make_consent, make_frame_observation, make_request, make_study

pytestmark = pytest.mark.thorough

CANARY = "canary-of-room-7"
SEEN = Appearance(subject_id=CANARY, session="canary-monday", condition="canary-calm")
#: Values that only this person's rows, names and file have.
TRACES = (CANARY, "canary-monday", "canary-calm", "/videos/canary-clip.mp4", hashlib.sha256(b"canary").hexdigest())


@pytest.fixture
def people(store: Store) -> Store:
    """A store with the canary and ben, who is in a media of his own."""
    with store.writing() as connection:
        add_study(connection, make_study(), actor="tester")
        for subject in (CANARY, "ben"):
            add_subject(connection, subject, make_consent(), study_id="moods", group=None, actor="tester")
        submit(connection, make_request("ben-clip", appearance=Appearance(subject_id="ben")))
    return store


def submit_canary(store: Store) -> JobRecord:
    request = make_request(content=b"canary", path="/videos/canary-clip.mp4", appearance=SEEN)
    with store.writing() as connection:
        return submit(connection, request).job


def claim(store: Store, job_id: str) -> Claim:
    with store.writing() as connection:
        held = claim_next(connection, job_id, lease_owner="a", lease_seconds=60)
    assert held is not None
    return held


def commit(store: Store, held: Claim) -> None:
    with store.writing() as connection:
        commit_chunk(connection, held, [make_frame_observation(held.span.start_us / 1e6 + 1)])


def erase(store: Store, subject: str = CANARY):
    with store.writing() as connection:
        withdraw(connection, subject, actor="tester")
    with store.writing() as connection:
        return erase_subject(connection, subject, actor="tester")


def everything(store: Store) -> str:
    """Every cell of every table, as text."""
    with store.reading() as connection:
        tables = MetaData()
        tables.reflect(connection)
        return "\n".join(repr(row) for table in tables.sorted_tables for row in connection.execute(select(table)))


def test_nothing_of_an_erased_person_is_left_and_a_late_commit_is_refused(people: Store):
    job = submit_canary(people)
    commit(people, claim(people, job.id))
    in_hand = claim(people, job.id)
    assert all(trace in everything(people) for trace in TRACES)
    erasure = erase(people)
    with pytest.raises(Fenced):
        commit(people, in_hand)
    compact(people)
    assert not [trace for trace in (*TRACES, job.id, job.media_id) if trace in everything(people)]
    assert erasure.num_rows_by_table["frame_row"] == erasure.num_rows_by_table["face_row"] == 1
    assert erasure.media_paths == ("/videos/canary-clip.mp4",)


def test_the_databases_files_hold_nothing_either(people: Store, store_url: str):
    submit_canary(people)
    erase(people)
    compact(people)
    people.close()
    path = Path(store_url.removeprefix("sqlite:///"))
    content = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    assert not [trace for trace in TRACES if trace.encode() in content]
    assert b"ben" in content


def test_others_keep_every_row(people: Store):
    with people.reading() as connection:
        [ben] = [subject for subject in list_subjects(connection) if subject.id == "ben"]
    job = submit_of(people, "ben-clip")
    commit(people, claim(people, job.id))
    before = frames_of(people, job)
    submit_canary(people)
    erase(people)
    assert frames_of(people, job) == before
    with people.reading() as connection:
        assert get_subject(connection, "ben") == ben


def submit_of(store: Store, name: str) -> JobRecord:
    with store.writing() as connection:
        return submit(connection, make_request(name)).job


def frames_of(store: Store, job: JobRecord) -> list[str]:
    with store.reading() as connection:
        return [repr(dataclasses.asdict(frame)) for frame in stream_frames(connection, job.id)]


def test_media_of_two_keep_their_rows_and_lose_the_name(people: Store):
    job = submit_canary(people)
    commit(people, claim(people, job.id))
    with people.writing() as connection:
        assign(connection, job.media_id, Appearance(subject_id="ben"), actor="tester")
    erasure = erase(people)
    assert erasure.num_shared_media == 1
    assert erasure.num_rows_by_table["face_row"] == 0
    with people.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(FaceTable)) == 1
    assert CANARY not in everything(people)


def test_what_was_erased_does_not_come_back(people: Store):
    submit_canary(people)
    erase(people)
    with pytest.raises(InputError, match="was erased with a subject, and must not come back"):
        submit_canary(people)
    with people.writing() as connection, pytest.raises(InputError, match="was erased; choose another pseudonym"):
        add_subject(connection, CANARY, make_consent(), study_id="moods", group=None, actor="tester")


def test_a_certificate_finds_who_came_back_with_a_backup(people: Store):
    submit_canary(people)
    erasure = erase(people)
    with people.reading() as connection:
        assert find_erased(connection, erasure.subject) is None
    with people.writing() as connection:  # an older state of the store, as after a restore
        from db.subject_tables import TombstoneTable

        connection.execute(TombstoneTable.__table__.delete())
        add_subject(connection, CANARY, make_consent(), study_id="moods", group=None, actor="tester")
        assert find_erased(connection, erasure.subject) == CANARY


def test_written_files_are_told_with_what_was_in_them(people: Store, tmp_path: Path):
    export = tmp_path / "record.csv"
    export.write_text("first")
    with people.writing() as connection:
        note_file(connection, CANARY, export)
        export.write_text("second")
        note_file(connection, CANARY, export)
    [written] = erase(people).files
    assert (written.path, written.sha256) == (str(export), hashlib.sha256(b"second").hexdigest())


def test_erasing_is_logged_and_the_log_stays_whole(people: Store):
    submit_canary(people)
    erase(people)
    with people.reading() as connection:
        assert [entry.action for entry in audit.entries(connection)][-2:] == ["consent withdrawn", "subject erased"]
        assert audit.first_broken(connection) is None


def test_nobody_is_erased_twice(people: Store):
    erase(people)
    with pytest.raises(InputError, match="there is no subject"):
        erase(people)
