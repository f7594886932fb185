"""A page of frames is that part of all frames, also of a stretch of time, and how far a job is is told with it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from db.jobs import get_job
from db.observations import stream_frames
from db.queue.ledger import claim_next, commit_chunk, fail_chunk
from db.records import Fault
from db.store import Store
from db.submission import submit
from db.timelines.analysed import analysed
from db.timelines.frame_pages import frames_page, frames_within
from tests.factories import make_request
from tests.unit.db.timelines.test_pages import SECOND_US, write_film

pytestmark = pytest.mark.thorough


@pytest.fixture
def connection(store: Store) -> Iterator[Connection]:
    with store.writing() as connection:
        yield connection


@pytest.mark.parametrize("limit", [1, 7, 1000])
@pytest.mark.parametrize(
    "span", [None, (0, SECOND_US), (36 * SECOND_US, 120 * SECOND_US), (80 * SECOND_US, 90 * SECOND_US)]
)
def test_pages_of_frames_are_those_of_the_stream(connection: Connection, limit, span):
    job_id = write_film(connection)
    every = [frame for frame in stream_frames(connection, job_id) if span is None or span[0] <= frame.pts_us < span[1]]
    if span is not None:
        assert list(frames_within(connection, job_id, span)) == every
    found, from_index = [], 0
    while page := frames_page(connection, job_id, from_index=from_index, limit=limit, span=span):
        assert len(page) <= limit
        found += page
        from_index = page[-1].frame_index + 1
    assert found == every


def test_what_is_still_to_be_analysed_is_told_as_stretches_and_is_no_gap(connection: Connection):
    job = submit(connection, make_request(num_chunks=5)).job
    assert told(connection, job.id) == (True, 0, ((0, 50 * SECOND_US),))
    claims = [claim_next(connection, job.id, lease_owner="a", lease_seconds=60) for _ in range(5)]
    for index in (0, 2):
        commit_chunk(connection, claims[index], [])
    assert told(connection, job.id) == (
        True,
        10 * SECOND_US,
        ((10 * SECOND_US, 20 * SECOND_US), (30 * SECOND_US, 50 * SECOND_US)),
    )
    fail_chunk(connection, claims[1], Fault(code="SOURCE_MISSING", message="gone"))  # is no longer to come
    assert told(connection, job.id) == (True, 30 * SECOND_US, ((30 * SECOND_US, 50 * SECOND_US),))
    for index in (3, 4):
        commit_chunk(connection, claims[index], [])
    assert told(connection, job.id) == (False, None, ())


def told(connection: Connection, job_id: str):
    found = analysed(connection, get_job(connection, job_id))
    return found.is_partial, found.until_us, found.to_do
