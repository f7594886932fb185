"""However an answer ends, the chunk is done, given up with a reason, or free for another."""

import pytest
from sqlalchemy import Connection, func, select, update

from core.errors import EnvironmentFault, InputError, StoreUnavailable
from db.clock import database_seconds
from db.jobs import chunk_problems, get_job
from db.queue.control import cancel, pause
from db.queue.dispatch import due_chunks
from db.queue.ledger import MAX_ATTEMPTS, claim_chunk
from db.records import ChunkReference, JobRecord
from db.row_tables import FrameTable
from db.states import JobQueue, JobState
from db.store import Store
from db.tables import ChunkTable
from tests.fragment_stores import MemoryFragmentStore
from tests.pool_fakes import CONTENT, FakeProcess, make_worker, submit_job, write_source
from video.fragments.fragment_store import fragment_key
from worker.analysis.process import AnalysisProcessDied
from worker.analysis.processes import ModelAbsent
from worker.pool.chunk_worker import Answer


@pytest.fixture
def source(tmp_path):
    return write_source(tmp_path)


@pytest.fixture
def job(store: Store, source) -> JobRecord:
    return submit_job(store, source)


def chunk_of(job: JobRecord, index: int = 0) -> ChunkReference:
    return ChunkReference(job_id=job.id, chunk_index=index)


def job_now(store: Store, job: JobRecord) -> JobRecord:
    with store.reading() as connection:
        return get_job(connection, job.id)


def num_rows(store: Store) -> int:
    with store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(FrameTable)) or 0


def attempts(store: Store) -> list[int]:
    with store.reading() as connection:
        return list(connection.scalars(select(ChunkTable.attempt).order_by(ChunkTable.chunk_index)))


def is_due(store: Store, job: JobRecord) -> bool:
    with store.reading() as connection:
        return chunk_of(job) in due_chunks(connection, JobQueue.ARCHIVE, limit=10, stale_seconds=30)


def faults(store: Store, job: JobRecord) -> list[str]:
    with store.reading() as connection:
        return [problem.fault.code for problem in chunk_problems(connection, job.id)]


def test_doorbells_in_any_order_and_number_give_each_row_once(store: Store, job: JobRecord):
    worker = make_worker(store)
    answers = [worker.answer(chunk_of(job, index)) for index in (2, 0, 2, 1, 1, 0)]
    assert answers.count(Answer.COMMITTED) == 3
    assert answers.count(Answer.NOT_FREE) == 3
    done = job_now(store, job)
    assert (done.state, done.num_frames, num_rows(store)) == (JobState.DONE, 3, 3)


def test_request_names_the_source_the_span_and_what_was_probed(store: Store, job: JobRecord, source):
    process = FakeProcess()
    make_worker(store, process).answer(chunk_of(job, 1))
    (request,) = process.requests
    assert (request.source, request.span.chunk_index, request.parameters) == (source, 1, job.parameters)
    assert (request.info.size_bytes, request.info.codec_name) == (len(CONTENT), "h264")


def test_doorbell_of_an_unknown_paused_or_held_chunk_is_not_answered(store: Store, job: JobRecord):
    worker = make_worker(store)
    assert worker.answer(chunk_of(job, 99)) is Answer.NOT_FREE
    with store.writing() as connection:
        claim_chunk(connection, chunk_of(job), lease_owner="other", lease_seconds=60)
    assert worker.answer(chunk_of(job)) is Answer.NOT_FREE
    with store.writing() as connection:
        pause(connection, job.id)
    assert worker.answer(chunk_of(job, 1)) is Answer.NOT_FREE
    assert num_rows(store) == 0


def test_worker_that_is_stopped_gives_the_chunk_back_untried(store: Store, job: JobRecord):
    assert make_worker(store, is_stopping=lambda: True).answer(chunk_of(job)) is Answer.RETURNED
    assert attempts(store) == [0, 0, 0]
    assert is_due(store, job)


def test_chunk_whose_analysis_dies_three_times_is_given_up_and_the_rest_is_kept(store: Store, job: JobRecord):
    def die() -> None:
        raise AnalysisProcessDied("crashed")

    worker = make_worker(store, FakeProcess(die))
    assert {worker.answer(chunk_of(job)) for _ in range(MAX_ATTEMPTS)} == {Answer.CRASHED}
    assert worker.answer(chunk_of(job)) is Answer.NOT_FREE
    well = make_worker(store)
    for index in (1, 2):
        well.answer(chunk_of(job, index))
    assert job_now(store, job).state is JobState.COMPLETED_WITH_ERRORS
    assert faults(store, job) == ["WORKER_CRASHED"]
    assert num_rows(store) == 2


def test_what_nobody_foresaw_costs_an_attempt_and_not_the_worker(store: Store, job: JobRecord):
    def break_down() -> None:
        raise RuntimeError("a bug")

    assert make_worker(store, FakeProcess(break_down)).answer(chunk_of(job)) is Answer.CRASHED
    assert attempts(store) == [1, 0, 0]


@pytest.mark.parametrize("fault", [EnvironmentFault("no GPU"), ModelAbsent("no such model here")])
def test_machine_that_cannot_do_it_leaves_the_chunk_for_later(store: Store, job: JobRecord, fault: Exception):
    def refuse(_version: str) -> FakeProcess:
        raise fault

    assert make_worker(store, start=refuse).answer(chunk_of(job)) is Answer.RETURNED
    assert attempts(store) == [0, 0, 0]
    assert not is_due(store, job), "another try at once would fail again"
    with store.writing() as connection:
        connection.execute(update(ChunkTable).values(next_try_at_seconds=database_seconds() - 1))
    assert is_due(store, job)


def test_source_that_is_gone_or_changed_fails_the_chunk_by_name(store: Store, job: JobRecord, source):
    source.write_bytes(b"x" * len(CONTENT))
    assert make_worker(store).answer(chunk_of(job)) is Answer.FAILED
    source.unlink()
    assert make_worker(store).answer(chunk_of(job, 1)) is Answer.FAILED
    assert faults(store, job) == ["SOURCE_CHANGED", "SOURCE_MISSING"]
    assert num_rows(store) == 0


def test_source_that_changes_while_it_is_read_gives_no_rows(store: Store, job: JobRecord, source):
    process = FakeProcess(lambda: write_longer(source))
    assert make_worker(store, process).answer(chunk_of(job)) is Answer.FAILED
    assert faults(store, job) == ["SOURCE_CHANGED"]
    assert num_rows(store) == 0


def write_longer(source) -> None:
    source.write_bytes(CONTENT + b"more")


def test_file_that_the_decoder_refuses_fails_the_chunk_by_name(store: Store, job: JobRecord):
    def refuse() -> None:
        raise InputError("clip.mp4 is no video here")

    assert make_worker(store, FakeProcess(refuse)).answer(chunk_of(job)) is Answer.FAILED
    assert faults(store, job) == ["SOURCE_UNREADABLE"]


def test_zombie_that_wakes_after_a_peer_committed_stores_nothing(store: Store, job: JobRecord):
    def sleep_too_long() -> None:
        with store.writing() as connection:
            connection.execute(update(ChunkTable).values(lease_until_seconds=0.0))
        assert make_worker(store).answer(chunk_of(job)) is Answer.COMMITTED

    assert make_worker(store, FakeProcess(sleep_too_long)).answer(chunk_of(job)) is Answer.FENCED
    assert (num_rows(store), job_now(store, job).num_chunks_done) == (1, 1)


def test_zombie_that_fails_after_a_peer_committed_spoils_nothing(store: Store, job: JobRecord, source):
    def sleep_too_long_then_fail() -> None:
        with store.writing() as connection:
            connection.execute(update(ChunkTable).values(lease_until_seconds=0.0))
        make_worker(store).answer(chunk_of(job))
        source.unlink()

    assert make_worker(store, FakeProcess(sleep_too_long_then_fail)).answer(chunk_of(job)) is Answer.FENCED
    assert faults(store, job) == []
    assert num_rows(store) == 1


def test_cancelled_while_it_is_analysed_stores_nothing(store: Store, job: JobRecord):
    def cancel_now() -> None:
        with store.writing() as connection:
            cancel(connection, job.id)

    assert make_worker(store, FakeProcess(cancel_now)).answer(chunk_of(job)) is Answer.FENCED
    assert num_rows(store) == 0


def test_store_that_stays_away_leaves_the_chunk_to_its_lease(store: Store, job: JobRecord, monkeypatch):
    def be_away(*_arguments: object, **_more: object) -> None:
        raise StoreUnavailable("the server restarts")

    monkeypatch.setattr("worker.pool.chunk_worker.write_patiently", be_away)
    assert make_worker(store).answer(chunk_of(job)) is Answer.ABANDONED


def test_store_that_restarts_just_after_the_claim_is_waited_for(store: Store, job: JobRecord, monkeypatch):
    outages = [StoreUnavailable("the server restarts")]

    def look(connection: Connection, job_id: str) -> JobRecord:
        if outages:
            raise outages.pop()
        return get_job(connection, job_id)

    monkeypatch.setattr("worker.pool.chunk_worker.get_job", look)
    assert make_worker(store).answer(chunk_of(job)) is Answer.COMMITTED
    assert not outages


def give_fragment(store: Store, key: str) -> None:
    with store.writing() as connection:
        connection.execute(update(ChunkTable).values(fragment_key=key))


def test_fragment_is_analysed_in_the_place_of_the_file_and_then_forgotten(store: Store, job: JobRecord, source):
    fragments = MemoryFragmentStore(max_fragment_bytes=100, now=lambda: 0.0)
    key = fragment_key(job.id, b"packets")
    fragments.put(key, b"packets", ttl_seconds=60)
    give_fragment(store, key)
    source.unlink()
    process = FakeProcess()
    assert make_worker(store, process, fragments=fragments).answer(chunk_of(job)) is Answer.COMMITTED
    assert process.requests[0].source == b"packets"
    assert fragments.get(key) is None


def test_fragment_that_is_gone_or_replaced_fails_the_chunk_by_name(store: Store, job: JobRecord):
    fragments = MemoryFragmentStore(max_fragment_bytes=100, now=lambda: 0.0)
    key = fragment_key(job.id, b"packets")
    give_fragment(store, key)
    worker = make_worker(store, fragments=fragments)
    assert worker.answer(chunk_of(job)) is Answer.FAILED
    fragments.put(key, b"forged", ttl_seconds=60)
    assert worker.answer(chunk_of(job, 1)) is Answer.FAILED
    assert faults(store, job) == ["FRAGMENT_GONE", "FRAGMENT_CHANGED"]
    assert num_rows(store) == 0
