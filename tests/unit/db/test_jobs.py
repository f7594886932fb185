"""Jobs are found by the start of their id and listed newest first."""

import pytest

from core.errors import InputError
from db.jobs import find_job, list_jobs
from db.records import JobRecord
from db.store import Store
from db.submission import submit
from tests.factories import make_request


def submit_clip(store: Store, name: str) -> JobRecord:
    with store.writing() as connection:
        return submit(connection, make_request(name)).job


def test_job_is_found_by_the_start_of_its_id(store: Store):
    job = submit_clip(store, "clip")
    with store.reading() as connection:
        assert find_job(connection, job.id[:8]) == job


@pytest.mark.parametrize("reference", ["", "zzzz", "%"])
def test_unknown_job_is_one_clear_line(store: Store, reference: str):
    submit_clip(store, "clip")
    with store.reading() as connection, pytest.raises(InputError, match="has no job with an id"):
        find_job(connection, reference)


def test_ambiguous_job_asks_for_more(store: Store):
    digits = [submit_clip(store, f"clip {number}").id[0] for number in range(17)]
    with store.reading() as connection, pytest.raises(InputError, match="give more of it"):
        find_job(connection, max(digits, key=digits.count))


def test_jobs_are_listed_newest_first(store: Store):
    jobs = [submit_clip(store, name) for name in ("first", "second")]
    with store.reading() as connection:
        assert list_jobs(connection) == [jobs[1], jobs[0]]
