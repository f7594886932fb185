"""Every picture that came is in one chunk, every outage is one gap, whatever store and Redis do meanwhile."""

import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from core.errors import BrokerUnavailable, EnvironmentFault, StoreUnavailable
from db.jobs import get_job, list_jobs
from db.live import live
from db.live.cameras import CameraSummary, camera_summary, list_gaps, open_stretches
from db.queue.control import cancel
from db.records import JobRecord
from db.states import ChunkState, JobQueue, JobState
from db.store import Store
from db.tables import ChunkTable, MediaTable
from producer.cameras.events import EventKind
from producer.cameras.inbox import Loss
from producer.cameras.recorder import CameraRecorder, StretchClosed
from tests.camera_fakes import CAMERA, FIRST_US, FRAMES_PER_FRAGMENT, NOON, Told, make_capture, make_order
from tests.fragment_stores import MemoryFragmentStore

pytestmark = pytest.mark.thorough

GONE = Loss(reason="ENDED: camera front door was lost: the sender ended it")


class TroubledFragments(MemoryFragmentStore):
    """A fragment store that fails as it is told."""

    def __init__(self) -> None:
        super().__init__(max_fragment_bytes=1_000_000, now=lambda: 0.0)
        self.trouble: EnvironmentFault | None = None

    def put(self, key: str, content: bytes, *, ttl_seconds: int) -> None:
        if self.trouble is not None:
            raise self.trouble
        super().put(key, content, ttl_seconds=ttl_seconds)


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A recorder with all that it writes to."""

    store: Store
    fragments: TroubledFragments
    told: Told
    recorder: CameraRecorder
    stop: threading.Event

    def summary(self) -> CameraSummary:
        with self.store.reading() as connection:
            return camera_summary(connection, CAMERA)

    def jobs(self) -> list[JobRecord]:
        with self.store.reading() as connection:
            return list_jobs(connection)

    def fragment_keys(self) -> list[str]:
        with self.store.reading() as connection:
            return [key for key in connection.scalars(select(ChunkTable.fragment_key)) if key]

    def gaps(self) -> list[tuple[datetime, datetime | None, str]]:
        with self.store.reading() as connection:
            return [(gap.from_at, gap.until_at, gap.reason) for gap in list_gaps(connection, CAMERA)]


def make_bench(store: Store, *, max_lag_seconds: float = 30.0) -> Bench:
    fragments, told, stop = TroubledFragments(), Told(), threading.Event()
    order = make_order(max_lag_seconds=max_lag_seconds)
    recorder = CameraRecorder(store, fragments, order, on_event=told.tell, stop=stop)
    return Bench(store=store, fragments=fragments, told=told, recorder=recorder, stop=stop)


@pytest.fixture
def bench(store: Store) -> Bench:
    return make_bench(store)


def test_fragments_become_chunks_of_one_open_live_job_whose_media_is_the_camera(bench: Bench):
    for index in range(3):
        bench.recorder.record(make_capture(index))
    (job,) = bench.jobs()
    assert (job.queue, job.is_open, job.state, job.num_chunks) == (JobQueue.LIVE, True, JobState.PENDING, 3)
    with bench.store.reading() as connection:
        media = connection.execute(select(MediaTable.__table__)).one()
    assert (media.kind, media.path, media.num_packets) == ("camera", CAMERA, 3 * FRAMES_PER_FRAGMENT)
    assert (media.start_us, media.end_us) == (FIRST_US, FIRST_US + 6_000_000 - 1)
    assert media.started_at + timedelta(microseconds=FIRST_US) == NOON


def test_chunk_points_to_the_fragment_that_was_kept(bench: Bench):
    bench.recorder.record(make_capture(0))
    assert [bench.fragments.get(key) for key in bench.fragment_keys()] == [make_capture(0).content]


def test_same_bytes_in_two_stretches_are_two_fragments(bench: Bench):
    bench.recorder.record(make_capture(0))
    bench.recorder.lose(GONE)
    bench.recorder.record(replace(make_capture(0, at=NOON + timedelta(seconds=9)), content=make_capture(0).content))
    assert len(set(bench.fragment_keys())) == 2


def test_loss_ends_the_stretch_and_is_a_gap_until_the_next_first_picture(bench: Bench):
    again = NOON + timedelta(seconds=10)
    bench.recorder.record(make_capture(0))
    bench.recorder.lose(GONE)
    assert bench.gaps() == [(NOON + timedelta(seconds=2), None, GONE.reason)]
    bench.recorder.lose(GONE)
    bench.recorder.record(make_capture(0, at=again))
    assert bench.gaps() == [(NOON + timedelta(seconds=2), again, GONE.reason)]
    assert [job.is_open for job in bench.jobs()] == [True, False]
    assert bench.told.kinds == [EventKind.CONNECTED, EventKind.LOST, EventKind.CONNECTED, EventKind.GAP_CLOSED]
    assert bench.told.events[-1].detail == "no picture for 8.0 s"


def test_camera_that_cannot_be_reached_at_first_is_a_gap_from_the_beginning(bench: Bench):
    before = datetime.now(UTC)
    bench.recorder.lose(GONE)
    bench.recorder.lose(GONE)
    ((from_at, until_at, _),) = bench.gaps()
    assert abs((from_at - before).total_seconds()) < 5
    assert until_at is None
    assert bench.told.kinds == [EventKind.UNREACHABLE]


def test_gap_that_nobody_saw_the_end_of_goes_on_for_the_next_watcher(bench: Bench):
    bench.recorder.record(make_capture(0))
    bench.recorder.lose(GONE)
    bench.recorder.close()
    later = make_bench(bench.store)
    later.recorder.take_over()
    later.recorder.lose(GONE)
    again = NOON + timedelta(seconds=100)
    later.recorder.record(make_capture(0, at=again))
    assert bench.gaps() == [(NOON + timedelta(seconds=2), again, GONE.reason)]


def test_what_a_killed_watcher_left_is_ended_with_a_gap_from_its_last_picture(bench: Bench):
    bench.recorder.record(make_capture(0))
    later = make_bench(bench.store)
    later.recorder.take_over()
    later.recorder.record(make_capture(0, at=NOON + timedelta(seconds=7)))
    ((from_at, until_at, reason),) = bench.gaps()
    assert abs((from_at - NOON).total_seconds() - 2) < 0.001
    assert until_at == NOON + timedelta(seconds=7)
    assert "ended without a word" in reason
    assert [job.is_open for job in bench.jobs()] == [True, False]
    with pytest.raises(StretchClosed, match="another process watches it"):
        bench.recorder.record(make_capture(1))


def test_of_two_watchers_the_later_one_goes_on_also_when_both_find_the_camera_back(bench: Bench):
    bench.recorder.record(make_capture(0))
    bench.recorder.lose(GONE)
    later = make_bench(bench.store)
    later.recorder.take_over()
    later.recorder.record(make_capture(0, at=NOON + timedelta(seconds=7)))
    with pytest.raises(StretchClosed, match="another process watches it"):
        bench.recorder.record(make_capture(0, at=NOON + timedelta(seconds=7.1)))
    bench.recorder.close()
    later.recorder.record(make_capture(1, at=NOON + timedelta(seconds=7)))
    assert bench.summary().num_captured_frames == 3 * FRAMES_PER_FRAGMENT


def test_watch_that_was_stopped_leaves_no_gap_and_no_open_job(bench: Bench):
    bench.recorder.record(make_capture(0))
    bench.recorder.close()
    later = make_bench(bench.store)
    later.recorder.take_over()
    assert bench.gaps() == []
    assert later.told.kinds == []
    with bench.store.reading() as connection:
        assert open_stretches(connection, CAMERA) == []


def test_cancelled_job_ends_the_watch(bench: Bench):
    bench.recorder.record(make_capture(0))
    with bench.store.writing() as connection:
        cancel(connection, bench.jobs()[0].id)
    with pytest.raises(StretchClosed, match="cancelled"):
        bench.recorder.record(make_capture(1))
    bench.recorder.close()
    assert [(job.is_open, job.state) for job in bench.jobs()] == [(False, JobState.CANCELLED)]


@pytest.mark.parametrize(
    ("trouble", "code"),
    [(BrokerUnavailable("Redis does not answer"), "BROKER_AWAY"), (EnvironmentFault("no memory"), "BROKER_REFUSED")],
)
def test_fragment_that_redis_does_not_take_is_a_failed_chunk_and_the_stream_goes_on(
    bench: Bench, trouble: EnvironmentFault, code: str
):
    bench.recorder.record(make_capture(0))
    bench.fragments.trouble = trouble
    bench.recorder.record(make_capture(1))
    bench.fragments.trouble = None
    bench.recorder.record(make_capture(2))
    summary = bench.summary()
    assert summary.num_frames_by_error == {code: FRAMES_PER_FRAGMENT}
    assert (summary.num_captured_frames, summary.num_waiting_frames) == (150, 100)
    assert bench.jobs()[0].num_chunks_failed == 1


def test_redis_that_is_away_from_the_first_fragment_on_loses_no_count(bench: Bench):
    bench.fragments.trouble = BrokerUnavailable("Redis does not answer")
    bench.recorder.record(make_capture(0))
    bench.recorder.close()
    (job,) = bench.jobs()
    assert (job.state, job.num_chunks_failed) == (JobState.FAILED, 1)
    assert bench.summary().num_captured_frames == FRAMES_PER_FRAGMENT


def test_what_the_inbox_dropped_is_a_failed_chunk(bench: Bench):
    bench.recorder.record(replace(make_capture(0), content=None))
    assert bench.summary().num_frames_by_error == {"WATCHER_BEHIND": FRAMES_PER_FRAGMENT}


def test_when_workers_lag_the_oldest_whole_fragments_go_and_are_counted(store: Store):
    bench = make_bench(store, max_lag_seconds=6)
    for index in range(10):
        bench.recorder.record(make_capture(index))
    summary = bench.summary()
    assert summary.num_frames_by_error == {"LAGGED": 7 * FRAMES_PER_FRAGMENT}
    assert summary.num_waiting_frames == 3 * FRAMES_PER_FRAGMENT
    assert summary.num_captured_frames == 10 * FRAMES_PER_FRAGMENT
    with store.reading() as connection:
        waiting = select(ChunkTable.chunk_index).where(ChunkTable.state == ChunkState.PENDING)
        assert sorted(connection.scalars(waiting)) == [7, 8, 9]
    assert [bench.fragments.get(key) is not None for key in bench.fragment_keys()] == [False] * 7 + [True] * 3
    status = bench.recorder.status()
    assert (status.num_captured_frames, status.num_dropped_frames, status.num_waiting_frames) == (500, 350, 150)


def test_hour_that_is_over_begins_a_new_job_and_no_gap(bench: Bench):
    bench.recorder.record(make_capture(0))
    bench.recorder.record(make_capture(1800))
    assert [job.is_open for job in bench.jobs()] == [True, False]
    assert bench.gaps() == []
    assert bench.told.kinds == [EventKind.CONNECTED, EventKind.RENEWED]
    with bench.store.reading() as connection:
        spans = connection.execute(select(ChunkTable.chunk_index, ChunkTable.first_frame_index)).all()
    assert [tuple(span) for span in spans] == [(0, 0), (0, 0)]


def test_store_that_is_away_is_waited_for_and_an_answer_that_was_lost_doubles_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
):
    calls = []
    append_chunk = live.append_chunk

    def append_and_lose_the_answer(*arguments, **named):
        calls.append(1)
        if len(calls) == 1:
            raise StoreUnavailable("restarting")
        taken = append_chunk(*arguments, **named)
        if len(calls) == 2:
            arguments[0].commit()
            raise StoreUnavailable("the connection broke after the commit")
        return taken

    monkeypatch.setattr(live, "append_chunk", append_and_lose_the_answer)
    monkeypatch.setattr("producer.cameras.recorder.sleep_using_event", lambda _stop: lambda _seconds: None)
    bench.recorder.record(make_capture(0))
    assert len(calls) == 3
    assert bench.told.kinds[:1] == [EventKind.STORE_AWAY], "said once, however often it is tried"
    assert bench.told.kinds.count(EventKind.STORE_AWAY) == 1
    assert bench.summary().num_captured_frames == FRAMES_PER_FRAGMENT
    assert bench.jobs()[0].num_chunks == 1


def test_store_that_is_away_is_not_waited_for_when_the_watch_is_to_stop(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    def away(*_arguments, **_named):
        raise StoreUnavailable("gone")

    bench.stop.set()
    monkeypatch.setattr(live, "append_chunk", away)
    with pytest.raises(StoreUnavailable, match="gone"):
        bench.recorder.record(make_capture(0))


def test_job_is_over_with_its_last_chunk_once_the_stretch_has_ended(bench: Bench):
    from db.queue.ledger import claim_next, commit_chunk

    bench.recorder.record(make_capture(0))
    job_id = bench.jobs()[0].id
    with bench.store.writing() as connection:
        claim = claim_next(connection, job_id, lease_owner="a", lease_seconds=60)
        assert claim is not None
        commit_chunk(connection, claim, ())
        assert get_job(connection, job_id).state is JobState.RUNNING
    bench.recorder.lose(GONE)
    assert bench.jobs()[0].state is JobState.DONE
    summary = bench.summary()
    assert (summary.num_processed_frames, summary.is_open) == (FRAMES_PER_FRAGMENT, False)
