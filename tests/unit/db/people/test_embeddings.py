"""What a face looks like is kept for those who agreed to that, while they agree, and no longer than they are there."""

from datetime import UTC, datetime

import numpy as np
import pytest

from core.people.subjects import Appearance
from db.people.embeddings import enrol, enrolled
from db.people.erasure import erase_subject
from db.people.studies import add_study
from db.people.subjects import add_subject, get_subject, give_consent, withdraw
from db.records import JobRecord
from db.store import Store
from db.submission import submit
from db.tracks.decisions import assign_tracks, undo_decision
from tests.factories import make_consent, make_face_observation, make_frame_observation, make_request, make_study
from tests.stored_generations import store_generation

FACE = np.array([0.6, 0.8], np.float32)
WEIGHTS = "a" * 64


@pytest.fixture
def job(store: Store) -> JobRecord:
    """A media with one track, and two subjects: anna agreed to be compared, ben did not."""
    with store.writing() as connection:
        add_study(connection, make_study(), actor="tester")
        for subject, covers in (("anna", True), ("ben", False)):
            consent = make_consent(covers_identity=covers)
            add_subject(connection, subject, consent, study_id="moods", group=None, actor="tester")

    def read(span):
        face = make_face_observation(track=0)
        return [make_frame_observation(pts_us=span.start_us, frame_index=0, faces=[face])]

    return store_generation(store, make_request(num_chunks=1), read)


def keep(store: Store, job: JobRecord, subject: str) -> None:
    with store.writing() as connection:
        key = get_subject(connection, subject).key
        enrol(connection, job.id, {0: (key, FACE)}, weights_sha256=WEIGHTS)


def known(store: Store, *, weights_sha256: str = WEIGHTS) -> dict[str, list[list[float]]]:
    with store.reading() as connection:
        found = enrolled(connection, "moods", weights_sha256=weights_sha256)
    return {subject: [[round(float(value), 3) for value in each] for each in faces] for subject, faces in found.items()}


def test_an_embedding_comes_back_as_it_was(store: Store, job: JobRecord):
    keep(store, job, "anna")
    keep(store, job, "anna")  # again, in its place
    assert known(store) == {"anna": [[0.6, 0.8]]}
    assert known(store, weights_sha256="b" * 64) == {}


def test_nobody_is_compared_without_a_consent_that_covers_it(store: Store, job: JobRecord):
    keep(store, job, "ben")
    assert known(store) == {}
    keep(store, job, "anna")
    with store.writing() as connection:
        withdraw(connection, "anna", actor="tester")
    assert known(store) == {}
    with store.writing() as connection:
        again = make_consent(given_at=datetime.now(UTC), covers_identity=False)
        give_consent(connection, "anna", again, actor="tester")
    assert known(store) == {}


def test_a_decision_removes_what_was_kept_of_its_job(store: Store, job: JobRecord):
    with store.writing() as connection:
        assign_tracks(connection, job.id, [0], Appearance(subject_id="anna"), actor="tester")
    keep(store, job, "anna")
    with store.writing() as connection:
        undo_decision(connection, job.id, actor="tester")
    assert known(store) == {}


def test_erasing_removes_embeddings(store: Store, job: JobRecord):
    keep(store, job, "anna")
    with store.writing() as connection:
        submit(connection, make_request("other", appearance=Appearance(subject_id="ben")))
        assert erase_subject(connection, "anna", actor="tester").num_rows_by_table["subject_embedding"] == 1
