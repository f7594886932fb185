"""Finding and listing media, by whatever a person has at hand."""

import pytest

from core.errors import InputError
from db.archive.media import find_media, list_media
from db.records import AnalysisRequest, JobRecord
from db.store import Store
from db.submission import submit
from tests.factories import make_request, make_sha256


def submit_to(store: Store, request: AnalysisRequest, *, force: bool = False) -> JobRecord:
    with store.writing() as connection:
        return submit(connection, request, force=force).job


def test_media_is_found_by_content_by_start_of_its_id_and_by_its_job(store: Store):
    job = submit_to(store, make_request())
    submit_to(store, make_request("other"))
    with store.reading() as connection:
        for reference in (make_sha256("clip"), job.media_id, job.media_id[:4], job.id, job.id[:6]):
            assert find_media(connection, reference).id == job.media_id


@pytest.mark.parametrize("reference", ["", "%", "_", "zzzz", "clip.mp4", "0" * 64])
def test_unknown_media_is_one_clear_line(store: Store, reference: str):
    submit_to(store, make_request())
    with store.reading() as connection, pytest.raises(InputError, match="has no media or job"):
        find_media(connection, reference)


def test_other_content_with_the_same_id_is_not_taken_for_the_media(store: Store):
    job = submit_to(store, make_request())
    with store.reading() as connection, pytest.raises(InputError):
        find_media(connection, job.media_id + "f" * 48)


def test_ambiguous_reference_names_the_candidates(store: Store):
    ids = [submit_to(store, make_request(f"clip {number}")).media_id for number in range(17)]
    first_digits = [media_id[0] for media_id in ids]
    digit = max(first_digits, key=first_digits.count)
    with store.reading() as connection, pytest.raises(InputError, match="give more of the id"):
        find_media(connection, digit)


def test_list_shows_each_media_once_with_the_job_that_speaks_for_it(store: Store):
    first = submit_to(store, make_request())
    second = submit_to(store, make_request(), force=True)
    other = submit_to(store, make_request("other"))
    with store.reading() as connection:
        newest, oldest = list_media(connection)
    assert (newest.media.id, newest.num_jobs) == (other.media_id, 1)
    assert (oldest.media.id, oldest.num_jobs) == (first.media_id, 2)
    assert oldest.job is not None
    assert oldest.job.id == second.id
    assert oldest.media.duration_seconds == pytest.approx(19.96)


def test_empty_store_lists_nothing(store: Store):
    with store.reading() as connection:
        assert list_media(connection) == []
