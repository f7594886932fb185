"""Submitting: the same request is the same job, anything else is another."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select

from core.errors import InputError
from core.media import AnalysisParameters
from db.archive.media import find_media
from db.records import AnalysisRequest
from db.states import JobState
from db.store import Store
from db.submission import submit
from db.tables import ChunkTable, JobTable, MediaTable, ModelVersionTable
from tests.factories import make_model_version, make_request, make_sha256, make_span


def num_rows(store: Store) -> list[int | None]:
    tables = (MediaTable, ModelVersionTable, JobTable, ChunkTable)
    with store.reading() as connection:
        return [connection.scalar(select(func.count()).select_from(table)) for table in tables]


def submit_to(store: Store, request: AnalysisRequest, *, force: bool = False):
    with store.writing() as connection:
        return submit(connection, request, force=force)


def test_submit_stores_media_model_job_and_chunks(store: Store):
    submission = submit_to(store, make_request(num_chunks=3))
    assert submission.created
    assert num_rows(store) == [1, 1, 1, 3]
    job = submission.job
    assert (job.state, job.num_chunks, job.run_number) == (JobState.PENDING, 3, 0)
    assert job.media_id == make_sha256("clip")[:16]
    assert job.parameters == AnalysisParameters()
    assert (job.model_name, job.model_version_id) == ("small", make_model_version().id)


def test_same_request_again_is_the_same_job_and_adds_no_row(store: Store):
    first = submit_to(store, make_request())
    again = submit_to(store, make_request())
    assert not again.created
    assert again.job == first.job
    assert num_rows(store) == [1, 1, 1, 2]


def test_same_content_under_another_path_is_the_same_job_seen_at_the_new_path(store: Store):
    first = submit_to(store, make_request(path="/videos/old.mp4"))
    again = submit_to(store, make_request(path="/videos/new.mp4"))
    assert again.job.id == first.job.id
    with store.reading() as connection:
        assert find_media(connection, first.job.media_id).path == "/videos/new.mp4"


@pytest.mark.parametrize(
    "other",
    [
        make_request(owner="someone"),
        make_request(model_version=make_model_version(checkpoint="other")),
        make_request(parameters=AnalysisParameters(sample_rate_hz=5)),
        make_request("other clip"),
    ],
)
def test_another_owner_model_parameter_or_media_is_another_job(store: Store, other: AnalysisRequest):
    first = submit_to(store, make_request())
    second = submit_to(store, other)
    assert second.created
    assert second.job.id != first.job.id


def test_rate_given_as_a_whole_number_is_the_same_rate(store: Store):
    first = submit_to(store, make_request(parameters=AnalysisParameters(sample_rate_hz=5)))
    again = submit_to(store, make_request(parameters=AnalysisParameters(sample_rate_hz=5.0)))
    assert again.job.id == first.job.id


def test_force_makes_a_new_run_each_time(store: Store):
    runs = [submit_to(store, make_request(), force=True) for _ in range(3)]
    assert [run.job.run_number for run in runs] == [0, 1, 2]
    assert len({run.job.id for run in runs}) == 3
    assert all(run.created for run in runs)
    assert submit_to(store, make_request()).job.id == runs[-1].job.id


def test_wall_clock_is_kept_in_utc_and_naive_times_are_refused(store: Store):
    vienna = datetime(2026, 5, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    job = submit_to(store, make_request(started_at=vienna)).job
    submit_to(store, make_request())  # does not know the wall clock: what is known is kept
    with store.reading() as connection:
        started_at = find_media(connection, job.media_id).started_at
    assert started_at == vienna
    assert started_at is not None
    assert started_at.tzinfo is UTC
    with pytest.raises(ValueError, match="must have a time zone"):
        make_request(started_at=datetime(2026, 5, 1))


def test_failed_submit_leaves_nothing(store: Store):
    def submit_and_die() -> None:
        with store.writing() as connection:
            submit(connection, make_request())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        submit_and_die()
    assert num_rows(store) == [0, 0, 0, 0]


def test_spans_must_be_numbered_from_zero():
    with pytest.raises(ValueError, match="chunk_index 0, 1, 2"):
        make_request(spans=(make_span(1),))


def test_token_given_again_answers_with_its_job_even_after_a_forced_run(store: Store):
    first = submit_to(store, make_request(token="upload-1"))
    forced = submit_to(store, make_request(), force=True)
    again = submit_to(store, make_request(token="upload-1"))
    assert forced.job.id != first.job.id
    assert (again.job.id, again.created) == (first.job.id, False)


def test_token_given_for_another_request_is_refused(store: Store):
    submit_to(store, make_request(token="upload-1"))
    with pytest.raises(InputError, match=r"token 'upload-1' was given before for another request"):
        submit_to(store, make_request("other clip", token="upload-1"))
    assert num_rows(store) == [1, 1, 1, 2]


def test_tokens_of_two_owners_do_not_meet(store: Store):
    mine = submit_to(store, make_request(token="t", owner="me"))
    yours = submit_to(store, make_request("other", token="t", owner="you"))
    assert mine.job.id != yours.job.id
    assert yours.created
