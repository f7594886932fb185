"""A page of a timeline is that part of the whole, from rows or from sums, and reads nothing beyond its chunks."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, event

from core.timeline import TimelinePoint
from core.tracks.state import Part, PersonTrack
from db.queue.control import resume
from db.queue.ledger import claim_next, commit_chunk, fail_chunk
from db.records import Fault
from db.store import Store
from db.submission import submit
from db.timelines.memory import TimelineMemory
from db.timelines.pages import timeline_page
from db.timelines.timelines import timeline
from tests.factories import make_face_observation, make_frame_observation, make_request, make_span
from tests.unit.db.timelines.test_rollups import film

pytestmark = pytest.mark.thorough

SECOND_US = 1_000_000
CHUNK_SECONDS = 37


@pytest.fixture
def connection(store: Store) -> Iterator[Connection]:
    with store.writing() as connection:
        yield connection


def write_film(
    connection: Connection, *, num_chunks: int = 6, started_at: datetime | None = None, fails: bool = False
) -> str:
    """Commit a film of some minutes, the third chunk of which is missing: still to come, or given up."""
    spans = tuple(make_span(index, seconds=CHUNK_SECONDS) for index in range(num_chunks))
    spans = tuple(type(span)(**vars(span) | {"first_frame_index": 74 * span.chunk_index}) for span in spans)
    job = submit(connection, make_request(spans=spans, started_at=started_at)).job
    draw = random.Random(5)
    for index in range(num_chunks):
        claim = claim_next(connection, job.id, lease_owner="a", lease_seconds=60)
        assert claim is not None
        if index != 2:
            rows = film(draw, start_seconds=CHUNK_SECONDS * index, seconds=CHUNK_SECONDS)
            commit_chunk(connection, claim, rows)
        elif fails:
            fail_chunk(connection, claim, Fault(code="SOURCE_MISSING", message="gone"))
    return job.id


def pages(
    connection: Connection, job_id: str, bin_us: int, max_points: int, memory: TimelineMemory | None = None
) -> list[TimelinePoint]:
    found: list[TimelinePoint] = []
    next_us: int | None = -SECOND_US
    while next_us is not None:
        page = timeline_page(
            connection, job_id, bin_us=bin_us, asked_us=(next_us, 10**12), max_points=max_points, memory=memory
        )
        found += page.timeline.points
        next_us = page.next_us
    return found


@pytest.mark.parametrize("started_at", [None, datetime(2026, 3, 1, 9, 0, 41, tzinfo=UTC)])
@pytest.mark.parametrize("max_points", [1, 3, 500])
@pytest.mark.parametrize("bin_seconds", [1, 20, 30, 37, 60, 74, 600])
def test_pages_are_the_whole_timeline(connection: Connection, bin_seconds, max_points, started_at):
    job_id = write_film(connection, started_at=started_at)
    bin_us = bin_seconds * SECOND_US
    whole = timeline(connection, job_id, bin_us=bin_us).points
    found = pages(connection, job_id, bin_us, max_points)
    assert_same(found, whole)


def assert_same(found: list[TimelinePoint], whole: tuple[TimelinePoint, ...]) -> None:
    assert len(found) == len(whole)
    for point, wanted in zip(found, whole, strict=True):
        counts = {name: value for name, value in vars(point).items() if name != "probs"}
        assert counts == {name: value for name, value in vars(wanted).items() if name != "probs"}
        assert (point.probs is None) == (wanted.probs is None)
        assert point.probs is None or point.probs == pytest.approx(wanted.probs, abs=1e-12)


@pytest.mark.parametrize("bin_seconds", [1, 3, 20, 59])
def test_what_is_remembered_is_what_was_read(connection: Connection, bin_seconds):
    job_id, memory = write_film(connection, fails=True), TimelineMemory()
    whole = timeline(connection, job_id, bin_us=bin_seconds * SECOND_US).points
    for max_points in (500, 4, 1):
        assert_same(pages(connection, job_id, bin_seconds * SECOND_US, max_points, memory), whole)


def test_what_was_read_once_is_not_read_again_until_the_job_is_over_anew(connection: Connection):
    job_id, memory = write_film(connection, fails=True), TimelineMemory()
    before = pages(connection, job_id, SECOND_US, 500, memory)
    with reads_of_faces(connection) as again:
        assert pages(connection, job_id, 5 * SECOND_US, 500, memory)
    assert again == []
    resume(connection, job_id)
    claim = claim_next(connection, job_id, lease_owner="a", lease_seconds=60)
    assert claim is not None
    while_running = pages(connection, job_id, SECOND_US, 500, memory)
    commit_chunk(connection, claim, film(random.Random(1), start_seconds=74, seconds=37))
    after = pages(connection, job_id, SECOND_US, 500, memory)
    assert while_running == before
    assert [point.num_frames for point in after[74:111]] == [2] * 37
    assert [point.num_frames for point in before[74:111]] == [0] * 37


def test_what_was_remembered_is_forgotten_after_a_while(connection: Connection, monkeypatch):
    job_id, memory = write_film(connection, fails=True), TimelineMemory()
    pages(connection, job_id, SECOND_US, 500, memory)
    monkeypatch.setattr("db.timelines.memory._KEPT_SECONDS", 0.0)
    with reads_of_faces(connection) as again:
        pages(connection, job_id, SECOND_US, 500, memory)
    assert again
    assert not memory._blocks


@contextmanager
def reads_of_faces(connection: Connection) -> Iterator[list[str]]:
    """Note the statements that look at faces."""
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        if "face_row" in statement:
            statements.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield statements
    event.remove(connection, "before_cursor_execute", note)


@pytest.mark.parametrize("bin_seconds", [1, 20])
def test_rows_are_looked_for_by_number_within_the_chunks_of_the_page(connection: Connection, bin_seconds):
    job_id = write_film(connection, started_at=datetime(2026, 3, 1, 9, 0, 41, tzinfo=UTC))
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        statements.append(" ".join(statement.split()))

    event.listen(connection, "before_cursor_execute", note)
    asked_us = (40 * SECOND_US, 140 * SECOND_US)
    timeline_page(connection, job_id, bin_us=bin_seconds * SECOND_US, asked_us=asked_us, max_points=5)
    of_rows = [each for each in statements if "face_row" in each or ("frame_row" in each and "GROUP BY" in each)]
    assert len(of_rows) >= 2
    assert all("frame_index >= " in each and "frame_index < " in each for each in of_rows)


def test_a_tracks_page_counts_its_own_faces_only(connection: Connection):
    job = submit(connection, make_request(num_chunks=1)).job
    claim = claim_next(connection, job.id, lease_owner="a", lease_seconds=60)
    assert claim is not None

    def face(emotion: str, track: int, **more):
        return make_face_observation(emotion, track=track, face_index=more.pop("face_index", 0), **more)

    frames = [
        make_frame_observation(0.0, faces=[face("happy", 1), face("sad", 2, face_index=1)]),
        make_frame_observation(1.0, faces=[face("sad", 2)]),
        make_frame_observation(2.0, faces=[face("happy", 1, abstained=True), face("sad", 2, face_index=1)]),
        make_frame_observation(3.0, faces=[face("angry", 1)]),
    ]
    commit_chunk(connection, claim, frames)
    parts = (Part(track=1, first_us=0, last_us=2_900_000, is_whole=False),)
    page = timeline_page(
        connection,
        job.id,
        bin_us=SECOND_US,
        asked_us=(0, 9 * SECOND_US),
        max_points=9,
        track=PersonTrack(number=1, parts=parts),
    )
    told = [(p.num_frames, p.num_face_frames, p.num_rejected_frames, p.num_faces, p.top) for p in page.timeline.points]
    assert told == [(1, 1, 0, 1, "happy"), (1, 0, 0, 0, None), (1, 1, 1, 0, None), (1, 0, 0, 0, None)]
