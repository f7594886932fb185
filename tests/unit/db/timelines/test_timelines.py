"""The database's timeline is core.timeline's, for any rows."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from core.errors import InputError
from core.frames import FrameStatus
from core.observations import FrameObservation
from core.timeline import MAX_NUM_POINTS, TimelinePoint, bin_observations
from db.observations import insert_frames
from db.queue.ledger import claim_next
from db.store import Store
from db.submission import submit
from db.timelines.pages import timeline_page
from db.timelines.timelines import timeline
from tests.factories import make_face_observation, make_frame_observation, make_reading, make_request, make_span

SECOND_US = 1_000_000


def insert_job(connection: Connection, frames: list[FrameObservation]) -> str:
    spans = (make_span(start_seconds=-1_000, seconds=2_100),)
    job = submit(connection, make_request(spans=spans), force=True).job
    held = claim_next(connection, job.id, lease_owner="a", lease_seconds=60)
    assert held is not None
    insert_frames(connection, held, frames)
    return job.id


@pytest.fixture
def connection(store: Store) -> Iterator[Connection]:
    with store.writing() as connection:
        yield connection


def assert_same_points(points: tuple[TimelinePoint, ...], expected: tuple[TimelinePoint, ...]) -> None:
    assert len(points) == len(expected)
    for point, wanted in zip(points, expected, strict=True):
        assert without_probs(point) == without_probs(wanted)
        # The order of a sum is the database's affair: equal up to rounding.
        assert (point.probs is None) == (wanted.probs is None)
        assert point.probs is None or point.probs == pytest.approx(wanted.probs, abs=1e-12)


def without_probs(point: TimelinePoint) -> tuple[int, ...]:
    return (
        point.start_us,
        point.num_frames,
        point.num_face_frames,
        point.num_rejected_frames,
        point.num_undecodable_frames,
        point.num_faces,
    )


readings = st.builds(
    lambda weights, abstained: make_reading(
        probs=tuple(weight / sum(weights) for weight in weights), abstained=abstained
    ),
    st.lists(st.floats(0.01, 1), min_size=7, max_size=7),
    st.booleans(),
)


@st.composite
def frame_lists(draw: st.DrawFn) -> list[FrameObservation]:
    edges = st.integers(-30, 30).map(lambda tenths: tenths * 100_000)
    times = sorted(draw(st.sets(st.integers(-3 * SECOND_US, 3 * SECOND_US) | edges, max_size=12)))
    frames = []
    for index, pts_us in enumerate(times):
        status = draw(st.sampled_from(FrameStatus))
        found = draw(st.lists(readings, min_size=1, max_size=3)) if status is FrameStatus.FACE else []
        faces = [make_face_observation(face_index=i, reading=reading) for i, reading in enumerate(found)]
        frames.append(make_frame_observation(pts_us=pts_us, frame_index=index, faces=faces, status=status))
    return frames


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(frames=frame_lists(), bin_us=st.sampled_from([None, 1_000, 33_333, 100_000, SECOND_US, 7 * SECOND_US]))
def test_sql_timeline_equals_binning_in_memory(
    connection: Connection, frames: list[FrameObservation], bin_us: int | None
):
    job_id = insert_job(connection, frames)
    assert_same_points(timeline(connection, job_id, bin_us=bin_us).points, bin_observations(frames, bin_us=bin_us))


def test_timeline_says_whose_it_is(connection: Connection):
    job_id = insert_job(connection, [make_frame_observation()])
    made = timeline(connection, job_id, bin_us=SECOND_US)
    assert (made.job_id, made.bin_us, made.model_name, made.smoothed) == (job_id, SECOND_US, "small", False)
    assert made.model_version.startswith("small-")


def test_timeline_marks_gap_when_no_frame_was_sampled(connection: Connection):
    job_id = insert_job(connection, [make_frame_observation(-0.1, frame_index=0), make_frame_observation(0.2)])
    points = timeline(connection, job_id, bin_us=100_000).points
    assert [(point.start_us, point.num_frames) for point in points] == [
        (-100_000, 1),
        (0, 0),
        (100_000, 0),
        (200_000, 1),
    ]


def test_timeline_of_one_job_does_not_count_another(connection: Connection):
    insert_job(connection, [make_frame_observation(emotion="sad")])
    job_id = insert_job(connection, [make_frame_observation(emotion="happy")])
    (point,) = timeline(connection, job_id, bin_us=None).points
    assert (point.num_frames, point.top) == (1, "happy")


def test_timeline_refuses_bins_that_are_too_narrow_or_too_many(connection: Connection):
    job_id = insert_job(connection, [make_frame_observation(0.0), make_frame_observation(MAX_NUM_POINTS / 1000)])
    with pytest.raises(InputError, match="at least"):
        timeline(connection, job_id, bin_us=999)
    with pytest.raises(InputError, match="choose a wider bin"):
        timeline(connection, job_id, bin_us=1_000)


def frames_with_a_gap() -> list[FrameObservation]:
    """Every 0.4 s from -1 s to 3 s and from 7.3 s to 9 s."""
    times_us = [*range(-SECOND_US, 3 * SECOND_US, 400_000), *range(7_300_000, 9 * SECOND_US, 400_000)]
    return [make_frame_observation(pts_us=pts_us, frame_index=index) for index, pts_us in enumerate(times_us)]


@pytest.mark.parametrize("max_points", [1, 2, 3, 7, 100])
@pytest.mark.parametrize("bin_us", [300_000, SECOND_US, 20 * SECOND_US])
def test_parts_of_a_timeline_are_the_whole_timeline(connection: Connection, max_points: int, bin_us: int):
    job_id = insert_job(connection, frames_with_a_gap())
    found: list[TimelinePoint] = []
    next_us: int | None = -100 * SECOND_US
    while next_us is not None:
        page = timeline_page(
            connection, job_id, bin_us=bin_us, asked_us=(next_us, 100 * SECOND_US), max_points=max_points
        )
        assert len(page.timeline.points) <= max_points
        found += page.timeline.points
        next_us = page.next_us
    assert_same_points(tuple(found), timeline(connection, job_id, bin_us=bin_us).points)


@pytest.mark.parametrize(
    ("from_us", "until_us", "starts"),
    [(2_000_000, 4_000_000, [2, 3]), (1_500_000, 3_500_000, [2, 3]), (9_000_000, 99_000_000, []), (5, 6, [])],
)
def test_a_part_holds_the_bins_that_begin_in_it(connection: Connection, from_us, until_us, starts):
    job_id = insert_job(connection, frames_with_a_gap())
    page = timeline_page(connection, job_id, bin_us=SECOND_US, asked_us=(from_us, until_us), max_points=100)
    assert [point.start_us // SECOND_US for point in page.timeline.points] == starts
    assert page.next_us is None


def test_a_part_of_a_job_without_rows_is_empty(connection: Connection):
    page = timeline_page(
        connection, insert_job(connection, []), bin_us=SECOND_US, asked_us=(0, SECOND_US), max_points=9
    )
    assert (page.timeline.points, page.next_us) == ((), None)
