"""A model of the ledger in plain dictionaries, walked beside the real one through any sequence of calls (Hypothesis).

The model knows what must be so; the database is asked after every step.
"""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import Connection, func, select, update

from core.frames import FrameStatus
from db.clock import database_seconds
from db.jobs import get_job
from db.queue.control import cancel, pause, resume
from db.queue.dispatch import due_chunks, mark_rung
from db.queue.ledger import (
    MAX_ATTEMPTS,
    Fenced,
    claim_chunk,
    claim_next,
    commit_chunk,
    fail_chunk,
    give_up_lost,
    heartbeat,
    release,
    release_dead_leases,
    return_crashed,
)
from db.records import ChunkReference, Claim, Fault
from db.row_tables import FaceTable, FrameTable
from db.states import ChunkState, JobQueue, JobState
from db.store import Store
from db.submission import submit
from db.tables import ChunkTable
from tests.factories import make_frame_observation, make_request

NUM_CHUNKS = 2
NUM_FRAMES = 2
FAULT = Fault(code="X", message="x")
_numbers = itertools.count()
_any = st.integers(min_value=0, max_value=10_000)


@dataclass
class ModelChunk:
    """What must be true of a chunk."""

    state: ChunkState = ChunkState.PENDING
    fence: int = 0
    attempt: int = 0
    is_expired: bool = False  # its lease ended

    @property
    def is_free(self) -> bool:
        return self.state is ChunkState.PENDING or (self.state is ChunkState.LEASED and self.is_expired)


@dataclass
class ModelJob:
    """What must be true of a job."""

    name: str
    is_cancelled: bool = False
    is_paused: bool = False
    was_begun: bool = False
    chunks: list[ModelChunk] = field(default_factory=lambda: [ModelChunk() for _ in range(NUM_CHUNKS)])

    def count(self, state: ChunkState) -> int:
        return sum(chunk.state is state for chunk in self.chunks)

    @property
    def is_over(self) -> bool:
        return self.is_cancelled or self.count(ChunkState.DONE) + self.count(ChunkState.FAILED) == NUM_CHUNKS

    @property
    def state(self) -> JobState:
        if self.is_cancelled:
            return JobState.CANCELLED
        if not self.is_over:
            return JobState.RUNNING if self.was_begun else JobState.PENDING
        if not self.count(ChunkState.FAILED):
            return JobState.DONE
        return JobState.COMPLETED_WITH_ERRORS if self.count(ChunkState.DONE) else JobState.FAILED

    def give_up_crashed(self) -> None:
        """Free chunks whose last attempt was lost are given up at the next claim or sweep, in an unfinished job."""
        for chunk in self.chunks:
            if chunk.is_free and chunk.attempt >= MAX_ATTEMPTS:
                chunk.state = ChunkState.FAILED


class LedgerMachine(RuleBasedStateMachine):
    """Every call of the ledger in any order, by anybody, early, late and twice."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        self.jobs: dict[str, ModelJob] = {}
        self.claims: list[tuple[Claim, str]] = []  # every claim ever given, and its owner

    # -- a job begins -------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.jobs) < 2)
    @rule()
    def submit_a_new_job(self) -> None:
        name = f"clip {next(_numbers)}"
        self.jobs[self._submit(name)] = ModelJob(name=name)

    @precondition(lambda self: self.jobs)
    @rule(pick=_any)
    def submit_again(self, pick: int) -> None:
        job_id = self._job(pick)
        assert self._submit(self.jobs[job_id].name) == job_id

    def _submit(self, name: str) -> str:
        with self.store.writing() as connection:
            return submit(connection, make_request(name, num_chunks=NUM_CHUNKS, queue=JobQueue.ARCHIVE)).job.id

    # -- claims -------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.jobs)
    @rule(pick=_any, owner=st.sampled_from("abc"))
    def claim_the_next_chunk(self, pick: int, owner: str) -> None:
        job_id = self._job(pick)
        job = self.jobs[job_id]
        with self.store.writing() as connection:
            claim = claim_next(connection, job_id, lease_owner=owner, lease_seconds=3600)
        job_was_over = job.is_over
        job.give_up_crashed()
        free = [] if job_was_over or job.is_paused or job.is_over else [c for c in job.chunks if c.is_free]
        self._check_claim(claim, job, job.chunks.index(free[0]) if free else None, owner)

    @precondition(lambda self: self.jobs)
    @rule(pick=_any, index=st.integers(0, NUM_CHUNKS), owner=st.sampled_from("abc"))
    def answer_a_doorbell(self, pick: int, index: int, owner: str) -> None:
        job_id = self._job(pick)
        job = self.jobs[job_id]
        with self.store.writing() as connection:
            reference = ChunkReference(job_id=job_id, chunk_index=index)
            claim = claim_chunk(connection, reference, lease_owner=owner, lease_seconds=3600)
        chunk = job.chunks[index] if index < NUM_CHUNKS else None
        was_over = job.is_over
        if chunk is not None and chunk.is_free and chunk.attempt >= MAX_ATTEMPTS:
            chunk.state = ChunkState.FAILED
        can = chunk is not None and chunk.is_free and not was_over and not job.is_over and not job.is_paused
        self._check_claim(claim, job, index if can else None, owner)

    def _check_claim(self, claim: Claim | None, job: ModelJob, index: int | None, owner: str) -> None:
        assert (claim.span.chunk_index if claim else None) == index
        if claim is None or index is None:
            return
        chunk = job.chunks[index]
        assert claim.fence == chunk.fence + 1, "the fence rises by one"
        assert claim.attempt == chunk.attempt + 1
        job.was_begun = True
        job.chunks[index] = ModelChunk(state=ChunkState.LEASED, fence=claim.fence, attempt=claim.attempt)
        self.claims.append((claim, owner))

    # -- what a worker does with a claim, early, late or twice -------------------------------------------------------

    @precondition(lambda self: self.claims)
    @rule(pick=_any)
    def beat(self, pick: int) -> None:
        claim, job, chunk = self._claim(pick)
        with self.store.writing() as connection:
            is_held = heartbeat(connection, claim, lease_seconds=3600)
        assert is_held == (self._holds(claim, chunk) and not job.is_over)
        if is_held:
            chunk.is_expired = False

    @precondition(lambda self: self.claims)
    @rule(pick=_any)
    def commit(self, pick: int) -> None:
        self._end(pick, ChunkState.DONE)

    @precondition(lambda self: self.claims)
    @rule(pick=_any)
    def fail(self, pick: int) -> None:
        self._end(pick, ChunkState.FAILED)

    def _end(self, pick: int, state: ChunkState) -> None:
        claim, job, chunk = self._claim(pick)
        may = self._holds(claim, chunk) and not job.is_over
        did_before = chunk.state is state and chunk.fence == claim.fence
        try:
            with self.store.writing() as connection:
                if state is ChunkState.DONE:
                    commit_chunk(connection, claim, _frames(claim))
                else:
                    fail_chunk(connection, claim, FAULT)
        except Fenced:
            assert not may
            assert not did_before
            return
        assert may or did_before
        if may:
            chunk.state = state

    @precondition(lambda self: self.claims)
    @rule(pick=_any)
    def give_back(self, pick: int) -> None:
        claim, _, chunk = self._claim(pick)
        with self.store.writing() as connection:
            assert release(connection, claim) == self._holds(claim, chunk)
        if self._holds(claim, chunk):
            chunk.state, chunk.attempt, chunk.is_expired = ChunkState.PENDING, claim.attempt - 1, False

    @precondition(lambda self: self.claims)
    @rule(pick=_any)
    def crash(self, pick: int) -> None:
        claim, _, chunk = self._claim(pick)
        with self.store.writing() as connection:
            assert return_crashed(connection, claim) == self._holds(claim, chunk)
        if self._holds(claim, chunk):
            chunk.state, chunk.is_expired = ChunkState.PENDING, False
        if chunk.is_free and chunk.attempt >= MAX_ATTEMPTS:
            chunk.state = ChunkState.FAILED

    # -- time and death ---------------------------------------------------------------------------------------------

    @precondition(lambda self: self.claims)
    @rule(pick=_any)
    def let_a_lease_end(self, pick: int) -> None:
        claim, _, chunk = self._claim(pick)
        with self.store.writing() as connection:
            connection.execute(
                update(ChunkTable)
                .where(
                    ChunkTable.job_id == claim.job_id,
                    ChunkTable.chunk_index == claim.span.chunk_index,
                    ChunkTable.state == ChunkState.LEASED,
                )
                .values(lease_until_seconds=database_seconds() - 1)
            )
        if chunk.state is ChunkState.LEASED:
            chunk.is_expired = True

    @precondition(lambda self: self.claims)
    @rule(pick=_any, end=st.sampled_from([ChunkState.DONE, ChunkState.FAILED]))
    def a_zombie_wakes_after_its_heir_has_claimed(self, pick: int, end: ChunkState) -> None:
        """The one sequence that random steps seldom find: a lease ends, another claims, the first goes on."""
        self.let_a_lease_end(pick)
        claim = self._claim(pick)[0]
        job_number = list(self.jobs).index(claim.job_id)
        self.answer_a_doorbell(job_number, claim.span.chunk_index, "c")
        self._end([held for held, _ in self.claims].index(claim), end)

    @rule(owner=st.sampled_from("abc"))
    def an_owner_dies(self, owner: str) -> None:
        with self.store.writing() as connection:
            release_dead_leases(connection, lambda holder: holder != owner)
        for claim, held_by in self.claims:
            chunk = self.jobs[claim.job_id].chunks[claim.span.chunk_index]
            if held_by == owner and self._holds(claim, chunk):
                chunk.state, chunk.attempt, chunk.is_expired = ChunkState.PENDING, chunk.attempt - 1, False

    @rule()
    def sweep(self) -> None:
        with self.store.writing() as connection:
            give_up_lost(connection)
        for job in self.jobs.values():
            for chunk in job.chunks:
                if chunk.state is ChunkState.LEASED and chunk.is_expired and chunk.attempt >= MAX_ATTEMPTS:
                    chunk.state = ChunkState.FAILED

    @rule()
    def ring(self) -> None:
        with self.store.writing() as connection:
            due = due_chunks(connection, JobQueue.ARCHIVE, limit=2, stale_seconds=30)
            mark_rung(connection, due)
        for reference in due:
            job = self.jobs.get(reference.job_id)
            if job is not None:
                assert job.chunks[reference.chunk_index].is_free
                assert not job.is_over
                assert not job.is_paused

    # -- people -----------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.jobs)
    @rule(pick=_any)
    def cancel_a_job(self, pick: int) -> None:
        job_id = self._job(pick)
        with self.store.writing() as connection:
            assert cancel(connection, job_id) == (not self.jobs[job_id].is_over)
        self.jobs[job_id].is_cancelled |= not self.jobs[job_id].is_over

    @precondition(lambda self: self.jobs)
    @rule(pick=_any)
    def pause_a_job(self, pick: int) -> None:
        job_id = self._job(pick)
        with self.store.writing() as connection:
            assert pause(connection, job_id) == (not self.jobs[job_id].is_over)
        self.jobs[job_id].is_paused |= not self.jobs[job_id].is_over

    @precondition(lambda self: any(not job.is_over or job.count(ChunkState.FAILED) for job in self.jobs.values()))
    @rule(pick=_any)
    def resume_a_job(self, pick: int) -> None:
        able = [
            job_id
            for job_id, job in self.jobs.items()
            if not job.is_cancelled and (not job.is_over or job.count(ChunkState.FAILED))
        ]
        if not able:
            return
        job_id = able[pick % len(able)]
        with self.store.writing() as connection:
            resume(connection, job_id)
        job = self.jobs[job_id]
        job.is_paused = False
        if job.count(ChunkState.FAILED):
            job.was_begun = True
        for chunk in job.chunks:
            if chunk.state is ChunkState.FAILED:
                chunk.state, chunk.attempt, chunk.is_expired = ChunkState.PENDING, 0, False

    # -- what must be so, always --------------------------------------------------------------------------------------

    @invariant()
    def database_and_model_agree(self) -> None:
        with self.store.reading() as connection:
            jobs = {job_id: get_job(connection, job_id) for job_id in self.jobs}
            chunks = connection.execute(
                select(ChunkTable.__table__)
                .where(ChunkTable.job_id.in_(self.jobs))
                .order_by(ChunkTable.job_id, ChunkTable.chunk_index)
            ).all()
            frames = _count_by(connection, self.jobs, FrameTable.job_id, FrameTable.chunk_index)
            faces = _count_by(connection, self.jobs, FaceTable.job_id)
        for job_id, model in self.jobs.items():
            job = jobs[job_id]
            assert [(c.state, c.fence, c.attempt) for c in chunks if c.job_id == job_id] == [
                (c.state, c.fence, c.attempt) for c in model.chunks
            ]
            done = {index for index, chunk in enumerate(model.chunks) if chunk.state is ChunkState.DONE}
            rows = {chunk_index: count for (of, chunk_index), count in frames.items() if of == job_id}
            assert rows == dict.fromkeys(done, NUM_FRAMES), "rows of every done chunk, and of no other"
            assert (job.num_chunks_done, job.num_chunks_failed) == (len(done), model.count(ChunkState.FAILED))
            assert (job.num_frames, job.num_faces) == (NUM_FRAMES * len(done), len(done))
            assert faces.get((job_id,), 0) == len(done)
            assert (job.state, job.is_paused) == (model.state, model.is_paused)
            assert (job.finished_at is not None) == model.is_over

    def _job(self, pick: int) -> str:
        return list(self.jobs)[pick % len(self.jobs)]

    def _claim(self, pick: int) -> tuple[Claim, ModelJob, ModelChunk]:
        claim, _ = self.claims[pick % len(self.claims)]
        job = self.jobs[claim.job_id]
        return claim, job, job.chunks[claim.span.chunk_index]

    @staticmethod
    def _holds(claim: Claim, chunk: ModelChunk) -> bool:
        return chunk.state is ChunkState.LEASED and chunk.fence == claim.fence


def _frames(claim: Claim) -> list:
    start = claim.span.start_us / 1e6
    return [
        make_frame_observation(pts_seconds=start),
        make_frame_observation(pts_seconds=start + 1, status=FrameStatus.NO_FACE),
    ]


def _count_by(connection: Connection, jobs: Iterable[str], *columns: Any) -> dict[tuple[Any, ...], int]:
    """Count rows of these jobs by columns, the first of which is the job's id."""
    counts = select(*columns, func.count()).where(columns[0].in_(jobs)).group_by(*columns)
    return {tuple(row[:-1]): row[-1] for row in connection.execute(counts)}
