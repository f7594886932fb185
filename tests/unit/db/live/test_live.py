"""What a camera writes while it is watched may be written again, and keeps the ledger's counts."""

from datetime import timedelta

from sqlalchemy import select, update

from core.media import ChunkSpan
from db.jobs import chunk_problems, get_job
from db.live import live
from db.live.backlog import drop_oldest
from db.live.cameras import camera_summary, list_cameras, list_gaps
from db.queue.control import cancel, pause
from db.queue.dispatch import due_chunks
from db.queue.ledger import claim_next
from db.records import Fault, JobRecord
from db.states import ChunkState, JobQueue, JobState
from db.store import Store
from db.tables import ChunkTable, JobTable, MediaTable
from tests.camera_fakes import CAMERA, NOON, make_stretch
from tests.factories import make_span

AWAY = Fault(code="BROKER_AWAY", message="Redis does not answer")


def begin(store: Store, *, minutes: int = 0, camera: str = CAMERA) -> JobRecord:
    with store.writing() as connection:
        stretch = make_stretch(camera=camera, started_at=NOON + timedelta(minutes=minutes))
        job_id = live.begin_stretch(connection, stretch)
        assert job_id is not None
        return get_job(connection, job_id)


def begin_after(store: Store, job: JobRecord, *, minutes: int) -> str | None:
    with store.writing() as connection:
        stretch = make_stretch(started_at=NOON + timedelta(minutes=minutes))
        return live.begin_stretch(connection, stretch, after_job_id=job.id)


def append(store: Store, job: JobRecord, index: int, *, key: str | None = None) -> bool:
    with store.writing() as connection:
        return live.append_chunk(
            connection, job.id, span(index), fragment_key=key or f"{job.id}:{index}", num_source_frames=50
        )


def append_two(store: Store, job: JobRecord) -> None:
    assert append(store, job, 0)
    assert append(store, job, 1)


def append_dropped(store: Store, job: JobRecord, index: int) -> bool:
    with store.writing() as connection:
        return live.append_dropped(connection, job.id, span(index), num_source_frames=50, fault=AWAY)


def span(index: int) -> ChunkSpan:
    return make_span(index, start_seconds=5 + 2 * index, seconds=2)


def end(store: Store, job: JobRecord) -> JobRecord:
    with store.writing() as connection:
        live.end_stretch(connection, job.id)
        return get_job(connection, job.id)


def now(store: Store, job: JobRecord) -> JobRecord:
    with store.reading() as connection:
        return get_job(connection, job.id)


def test_stretch_that_is_begun_again_is_the_same_job(store: Store):
    assert begin(store) == begin(store)


def test_stretch_that_follows_without_a_break_closes_the_one_before(store: Store):
    job = begin(store)
    append(store, job, 0)
    follower = begin_after(store, job, minutes=60)
    assert follower == begin_after(store, job, minutes=60), "an answer that got lost"
    assert not now(store, job).is_open
    assert follower not in (None, job.id)


def test_cancelled_stretch_is_not_followed_by_another(store: Store):
    job = begin(store)
    with store.writing() as connection:
        cancel(connection, job.id)
    assert begin_after(store, job, minutes=60) is None


def test_stretch_does_not_begin_beside_another_of_the_camera(store: Store):
    begin(store)
    with store.writing() as connection:
        assert live.begin_stretch(connection, make_stretch(started_at=NOON + timedelta(minutes=5))) is None


def test_chunk_of_an_open_job_is_due_at_once(store: Store):
    job = begin(store)
    assert append(store, job, 0)
    with store.reading() as connection:
        due = due_chunks(connection, JobQueue.LIVE, limit=10, stale_seconds=30)
    assert [chunk.job_id for chunk in due] == [job.id]


def test_chunk_that_is_appended_again_is_counted_once(store: Store):
    job = begin(store)
    assert append(store, job, 0)
    assert append(store, job, 0)
    assert append_dropped(store, job, 1)
    assert append_dropped(store, job, 1)
    assert (now(store, job).num_chunks, now(store, job).num_chunks_failed) == (2, 1)
    with store.reading() as connection:
        assert camera_summary(connection, CAMERA).num_captured_frames == 100


def test_media_reaches_from_its_first_picture_to_its_last(store: Store):
    job = begin(store)
    for index in range(3):
        append(store, job, index)
    with store.reading() as connection:
        media = connection.execute(select(MediaTable.__table__)).one()
    assert (media.start_us, media.end_us, media.num_packets) == (5_000_000, 11_000_000 - 1, 150)


def test_dropped_chunk_has_failed_and_says_why(store: Store):
    job = begin(store)
    append_dropped(store, job, 0)
    with store.reading() as connection:
        (problem,) = chunk_problems(connection, job.id)
    assert (problem.state, problem.fault) == (ChunkState.FAILED, AWAY)


def test_job_stays_open_while_nothing_is_left_to_do_and_is_over_when_it_is_closed(store: Store):
    job = begin(store)
    append_dropped(store, job, 0)
    assert now(store, job).finished_at is None
    assert end(store, job).state is JobState.FAILED
    assert end(store, job).state is JobState.FAILED


def test_closed_job_takes_no_more_chunks(store: Store):
    job = begin(store)
    append(store, job, 0)
    end(store, job)
    assert not append(store, job, 1)
    assert not append_dropped(store, job, 1)
    assert now(store, job).num_chunks == 1


def drop(store: Store, seconds: float):
    with store.writing() as connection:
        return drop_oldest(connection, CAMERA, max_waiting_seconds=seconds)


def states(store: Store, job: JobRecord) -> list[ChunkState]:
    with store.reading() as connection:
        chunks = select(ChunkTable.state).where(ChunkTable.job_id == job.id).order_by(ChunkTable.chunk_index)
        return list(connection.scalars(chunks))


def test_oldest_waiting_chunks_are_given_up_over_all_stretches_of_the_camera(store: Store):
    old, other = begin(store), begin(store, camera="other")
    append_two(store, old)
    append_two(store, other)
    end(store, old)
    new = begin(store, minutes=5)
    append_two(store, new)
    backlog = drop(store, 6)
    assert states(store, old) == [ChunkState.FAILED, ChunkState.PENDING]
    assert states(store, new) == states(store, other) == [ChunkState.PENDING] * 2
    assert backlog.dropped_fragment_keys == (f"{old.id}:0",)
    assert (backlog.num_dropped_frames, backlog.num_waiting_frames) == (50, 150)
    assert backlog.oldest_waiting_at == NOON + timedelta(seconds=9)
    drop(store, 2)
    assert now(store, old).state is JobState.FAILED, "its last chunk was given up"


def test_chunk_that_a_worker_holds_is_not_given_up_and_does_not_count_as_waiting(store: Store):
    job = begin(store)
    for index in range(3):
        append(store, job, index)
    with store.writing() as connection:
        claim_next(connection, job.id, lease_owner="a", lease_seconds=60)
    assert drop(store, 60).num_waiting_frames == 100
    drop(store, 2)
    assert states(store, job) == [ChunkState.LEASED, ChunkState.FAILED, ChunkState.PENDING]


def test_newest_chunk_stays_and_a_paused_camera_does_not_heap_up(store: Store):
    job = begin(store)
    for index in range(3):
        append(store, job, index)
    with store.writing() as connection:
        pause(connection, job.id)
    drop(store, 0.1)
    assert states(store, job) == [ChunkState.FAILED, ChunkState.FAILED, ChunkState.PENDING]


def begin_gap(store: Store, *, second: int) -> bool:
    with store.writing() as connection:
        return live.begin_gap(connection, CAMERA, from_at=NOON + timedelta(seconds=second), reason="gone")


def end_gap(store: Store, *, second: int):
    with store.writing() as connection:
        return live.end_gap(connection, CAMERA, until_at=NOON + timedelta(seconds=second))


def gaps(store: Store) -> list[tuple[float, float | None]]:
    with store.reading() as connection:
        return [
            ((gap.from_at - NOON).total_seconds(), gap.until_at and (gap.until_at - NOON).total_seconds())
            for gap in list_gaps(connection, CAMERA)
        ]


def test_one_gap_is_open_at_a_time(store: Store):
    assert begin_gap(store, second=10)
    assert not begin_gap(store, second=12)
    assert end_gap(store, second=20) == NOON + timedelta(seconds=10)
    assert end_gap(store, second=25) is None
    assert begin_gap(store, second=30)
    assert gaps(store) == [(10, 20), (30, None)]


def test_gap_of_a_moment_does_not_end_before_it_begins(store: Store):
    begin_gap(store, second=10)
    end_gap(store, second=9)
    assert gaps(store) == [(10, 10)]


def set_open(store: Store, job: JobRecord, is_open: bool) -> None:
    with store.writing() as connection:
        connection.execute(update(JobTable).where(JobTable.id == job.id).values(is_open=is_open))


def take_over(store: Store) -> int:
    with store.writing() as connection:
        return live.take_over(connection, CAMERA, reason="ended without a word")


def test_abandoned_stretches_are_ended_with_one_gap_after_the_last(store: Store):
    jobs = []
    for minutes in (5, 0):
        jobs.append(begin(store, minutes=minutes))
        append(store, jobs[-1], 0)
        set_open(store, jobs[-1], False)  # two of one camera are not open together: of a store that was restored, say
    for job in jobs:
        set_open(store, job, True)
    other = begin(store, camera="other")
    assert take_over(store) == 2
    assert take_over(store) == 0
    assert [now(store, job).is_open for job in [*jobs, other]] == [False, False, True]
    ((from_second, until_second),) = gaps(store)
    assert abs(from_second - (300 + 7)) < 0.001
    assert until_second is None


def test_cameras_that_gave_no_picture_yet_are_listed_too(store: Store):
    begin(store, camera="b")
    begin_gap(store, second=0)
    with store.reading() as connection:
        assert list_cameras(connection) == ["b", CAMERA]
        assert camera_summary(connection, CAMERA).num_captured_frames == 0
